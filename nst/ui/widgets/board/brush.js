const UNDOABLE = 30; // strokes

// Brushed parts stay in color on a gray photo. The mask is opaque white there.
class Brush extends Board {
  constructor(root, data) {
    super(root, data);
    this.mask = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    [this.mask.canvas.width, this.mask.canvas.height] = data.size;
    this.said = root.querySelector("[role=status]");
    this.earlier = []; // masks before each of the last strokes
    this.ring = root.querySelector(".ring");
    this.size = root.querySelector("input");
    this.undo = root.querySelector("[data-do=undo]");
    this.tools = [...root.querySelectorAll("[data-tool]")];
    this.erases = false;
    this.spot = data.size.map((side) => side / 2); // position of the brush
    for (const tool of this.tools) this.listen(tool, "click", () => this.take(tool));
    this.listen(this.size, "input", () => this.show(this.spot));
    this.listen(this.undo, "click", () => this.back());
    this.listen(this.canvas, "pointermove", (event) => this.show(this.at(event)));
    this.listen(this.canvas, "focus", () => this.canvas.matches(":focus-visible") && this.show(this.spot));
    for (const end of ["pointerleave", "blur"]) this.listen(this.canvas, end, () => (this.ring.hidden = true));
    this.restore(data.drawn);
  }

  restore(drawn) {
    if (!drawn) return;
    const kept = new Image();
    kept.onload = () => {
      this.mask.drawImage(kept, 0, 0, this.canvas.width, this.canvas.height);
      this.draw();
    };
    kept.src = drawn;
  }

  take(tool) {
    this.erases = tool.dataset.tool === "eraser";
    for (const each of this.tools) each.setAttribute("aria-pressed", each === tool);
  }

  get width() {
    return (this.size.value / 100) * this.long;
  }

  begin(point) {
    const { width, height } = this.canvas;
    this.earlier.push(this.mask.getImageData(0, 0, width, height));
    if (this.earlier.length > UNDOABLE) this.earlier.shift();
    this.spot = point;
    this.move(point);
  }

  move(point) {
    const mask = this.mask;
    mask.globalCompositeOperation = this.erases ? "destination-out" : "source-over";
    mask.strokeStyle = "#fff";
    mask.lineWidth = this.width;
    mask.lineCap = mask.lineJoin = "round";
    mask.beginPath();
    mask.moveTo(...this.spot);
    mask.lineTo(point[0] + 0.01, point[1]); // a line without any length would leave no dot
    mask.stroke();
    mask.globalCompositeOperation = "source-over";
    this.spot = point;
  }

  back() {
    this.mask.putImageData(this.earlier.pop(), 0, 0);
    this.changed();
  }

  wipe() {
    const { width, height } = this.canvas;
    this.earlier.push(this.mask.getImageData(0, 0, width, height));
    this.mask.clearRect(0, 0, width, height);
    this.changed();
  }

  key(event) {
    if (event.key in ARROWS) {
      const limits = [this.canvas.width, this.canvas.height];
      const step = ARROWS[event.key].map((way) => way * STEP * this.long);
      this.spot = this.spot.map((at, axis) => Math.min(Math.max(at + step[axis], 0), limits[axis]));
      this.show(this.spot);
    } else if (event.key === " " || event.key === "Enter") {
      this.begin(this.spot);
      this.changed();
    } else return;
    event.preventDefault(); // the page would scroll
  }

  // Draw the ring that shows the brush size.
  show([x, y]) {
    const { width, height } = this.canvas;
    this.ring.hidden = false;
    this.ring.style.left = `${(x / width) * 100}%`;
    this.ring.style.top = `${(y / height) * 100}%`;
    this.ring.style.width = `${(this.width / width) * 100}%`;
  }

  // Return the brushed share of the photo, in percent.
  get share() {
    const { data } = this.mask.getImageData(0, 0, this.canvas.width, this.canvas.height);
    let sum = 0;
    for (let alpha = 3; alpha < data.length; alpha += 4) sum += data[alpha];
    return (100 * sum) / (255 * (data.length / 4));
  }

  draw() {
    const { context, canvas } = this;
    context.globalCompositeOperation = "copy";
    context.drawImage(this.mask.canvas, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.drawImage(this.picture, 0, 0, canvas.width, canvas.height);
    if (this.pen !== null) return;
    const share = this.share;
    this.undo.disabled = !this.earlier.length;
    this.clear.disabled = !share;
    this.said.textContent = share ? `${Math.ceil(share)} % of the photo will be painted.` : "";
  }

  drawn() {
    return this.share ? this.mask.canvas.toDataURL("image/png") : "";
  }
}

export default showing(Brush);
