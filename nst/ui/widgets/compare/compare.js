// Comparison of a result with its photo. The photo covers the result from the left edge up to a movable knob.

const STEP = 2; // percent moved by an arrow key
const LEAP = 10; // percent moved with Shift or a page key
const ROOM = 14; // percent of the width needed for a label

const KEYS = {
  ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -LEAP, PageUp: LEAP, Home: -100, End: 100,
};

const views = new WeakMap();

// Called by Streamlit on every page run. Each place on the page keeps one view, so that a new picture replaces the old
// one and the knob stays in place.
export default ({ data, parentElement }) => {
  let view = views.get(parentElement);
  if (!view) {
    view = new View(parentElement);
    views.set(parentElement, view);
  }
  view.show(data);
  return () => {
    view.close();
    views.delete(parentElement);
  };
};

class View {
  constructor(root) {
    this.frame = root.querySelector(".nst-compare");
    this.after = root.querySelector(".after");
    this.before = root.querySelector(".before");
    this.knob = root.querySelector(".knob");
    this.line = root.querySelector(".line");
    this.tags = { photo: root.querySelector(".photo"), painting: root.querySelector(".painting") };
    this.events = new AbortController();
    this.wanted = new Map(); // latest source requested for each image
    this.start = null; // start position of a touch that has not moved yet
    this.pointer = null; // id of the dragging pointer
    this.listen(this.frame, "pointerdown", (event) => this.press(event));
    this.listen(this.frame, "pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.listen(this.frame, end, () => this.release());
    this.listen(this.knob, "keydown", (event) => this.key(event));
    this.move(0);
  }

  listen(target, type, react) {
    target.addEventListener(type, react, { signal: this.events.signal });
  }

  close() {
    this.wanted.clear();
    this.events.abort();
  }

  show({ picture, alt, photo, photoAlt }) {
    this.two = Boolean(photo);
    this.frame.classList.toggle("two", this.two);
    this.move(this.at);
    this.paint(this.after, picture, alt);
    if (this.two) this.paint(this.before, photo, photoAlt);
  }

  // Decode a new picture before showing it, so that the view is never blank.
  async paint(image, source, alt) {
    this.wanted.set(image, source);
    if (image.hasAttribute("src") && image.src !== source) {
      const next = new Image();
      next.src = source;
      await next.decode().catch(() => {}); // the browser shows the alt text if decoding fails
      if (this.wanted.get(image) !== source) return;
    }
    if (image.src !== source) image.src = source;
    image.alt = alt;
  }

  move(percent) {
    this.at = Math.min(Math.max(percent, 0), 100);
    this.frame.style.setProperty("--at", `${this.at}%`);
    const share = Math.round(this.at);
    this.knob.setAttribute("aria-valuenow", share);
    this.knob.setAttribute("aria-valuetext", share ? `${share}% of the width shows your photo` : "only the result");
    this.knob.hidden = !this.two;
    this.line.hidden = !this.two || !share;
    this.tags.photo.hidden = !this.two || this.at < ROOM;
    this.tags.painting.hidden = !this.two || !share || this.at > 100 - ROOM;
  }

  press(event) {
    if (!this.two || event.button) return;
    const grabbed = this.knob.contains(event.target);
    this.start = [event.clientX, event.clientY];
    if (event.pointerType === "mouse" || grabbed) this.take(event);
    if (grabbed) this.knob.focus({ preventScroll: true });
    if (event.pointerType === "mouse" && !grabbed) this.follow(event);
    if (event.pointerType === "mouse") event.preventDefault(); // prevents dragging the picture as a file
  }

  // Touch: moving sideways compares, moving down scrolls the page, a long press offers to save the picture.
  drag(event) {
    if (this.start && this.pointer === null && event.pointerType !== "mouse") {
      const [x, y] = [event.clientX - this.start[0], event.clientY - this.start[1]].map(Math.abs);
      if (x > 6 && x > y) this.take(event);
    }
    if (event.pointerId === this.pointer) this.follow(event);
  }

  take(event) {
    this.pointer = event.pointerId;
    this.frame.setPointerCapture(event.pointerId);
  }

  follow(event) {
    const { left, width } = this.frame.getBoundingClientRect();
    this.move((100 * (event.clientX - left)) / width);
  }

  release() {
    this.start = this.pointer = null;
  }

  key(event) {
    const step = KEYS[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the page would scroll
    this.move(this.at + (event.shiftKey ? Math.sign(step) * Math.max(LEAP, Math.abs(step)) : step));
  }
}
