const SMALLEST = 0.02; // minimum side of a box, as a fraction of the photo's
const FIRST_BOX = [0.25, 0.25, 0.75, 0.75]; // drawn by the first arrow key

// Box around the subject: left, top, right and bottom as fractions of width and height.
class Box extends Board {
  constructor(root, data) {
    super(root, data);
    root.querySelector("p").textContent = data.hint;
    this.box = data.drawn;
  }

  parts([x, y]) {
    return [x / this.canvas.width, y / this.canvas.height].map((part) => Math.min(Math.max(part, 0), 1));
  }

  begin(point) {
    this.before = this.box;
    this.corner = this.parts(point);
    this.move(point);
  }

  move(point) {
    const corners = [this.corner, this.parts(point)];
    const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
    this.box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  }

  changed() {
    const [left, top, right, bottom] = this.box ?? FIRST_BOX;
    if (right - left < SMALLEST || bottom - top < SMALLEST) this.box = this.before; // a click is no box
    super.changed();
  }

  wipe() {
    this.box = null;
    this.changed();
  }

  // Arrow keys move the box; with Shift, they move its lower right corner.
  key(event) {
    if (!(event.key in ARROWS)) return;
    event.preventDefault();
    this.before = this.box ?? FIRST_BOX;
    const [x, y] = ARROWS[event.key].map((way) => way * STEP);
    const [left, top, right, bottom] = this.before;
    const moved = event.shiftKey
      ? [left, top, Math.min(right + x, 1), Math.min(bottom + y, 1)]
      : [left + x, top + y, right + x, bottom + y];
    const fits = moved[0] >= 0 && moved[1] >= 0 && moved[2] <= 1 && moved[3] <= 1;
    this.box = this.box && fits ? moved : this.before;
    this.changed();
  }

  draw() {
    const { context, canvas } = this;
    context.clearRect(0, 0, canvas.width, canvas.height);
    this.clear.hidden = !this.box;
    if (!this.box) return;
    const [left, top, right, bottom] = this.box;
    const { width, height } = canvas;
    for (const [color, dashes] of [["#fff", []], ["#222", [6, 6]]]) {
      context.strokeStyle = color;
      context.lineWidth = 2;
      context.setLineDash(dashes);
      context.strokeRect(left * width, top * height, (right - left) * width, (bottom - top) * height);
    }
  }

  drawn() {
    return this.box;
  }
}

export default showing(Box);
