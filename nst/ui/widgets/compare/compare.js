// A picture, and over it the photo that it was painted from, as far as a knob says: from the left edge to where it is.

const STEP = 2; // percent that an arrow key moves the knob
const LEAP = 10; // the same with Shift, and for the page keys
const ROOM = 14; // percent that a side needs for its name

const KEYS = {
  ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -LEAP, PageUp: LEAP, Home: -100, End: 100,
};

const views = new WeakMap();

// What Streamlit calls with every run of the page. There is one view for each place on the page, so that a new picture
// takes the place of the one before it, and the knob stays where it is.
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
    this.wanted = new Map(); // what each image is to show
    this.start = null; // where a finger came down that has not moved yet
    this.pointer = null; // the one that drags
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

  // Another picture is decoded before it is shown: the easel is never blank for a moment.
  async paint(image, source, alt) {
    this.wanted.set(image, source);
    if (image.hasAttribute("src") && image.src !== source) {
      const next = new Image();
      next.src = source;
      await next.decode().catch(() => {}); // the page shows the text in place of what cannot be decoded
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
    this.knob.setAttribute("aria-valuetext", share ? `${share}% of the width shows your photo` : "only the painting");
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
    if (event.pointerType === "mouse") event.preventDefault(); // it would drag the picture away as a file
  }

  // A finger that moves sideways compares, one that moves down scrolls the page, one that rests saves the picture.
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
