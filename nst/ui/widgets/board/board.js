// Shared code of brush.js and box.js, concatenated before each: a photo to draw on.

const SENT_AFTER = 250; // milliseconds since the last stroke
const STEP = 0.02; // fraction of the long side moved by an arrow key

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const boards = new WeakMap();

// Called by Streamlit on every page run. Each place on the page keeps one board, so that no run loses a stroke.
function showing(Kind) {
  return ({ data, parentElement, setStateValue }) => {
    let board = boards.get(parentElement);
    if (!board) {
      board = new Kind(parentElement, data);
      boards.set(parentElement, board);
    }
    board.refresh(data.picture, setStateValue);
    return () => {
      board.close();
      boards.delete(parentElement);
    };
  };
}

// Photo with a canvas on top and a drawing tool.
class Board {
  constructor(root, data) {
    this.picture = root.querySelector("img");
    this.canvas = root.querySelector("canvas");
    this.context = this.canvas.getContext("2d");
    [this.canvas.width, this.canvas.height] = data.size;
    root.querySelector(".stage").style.setProperty("--aspect", data.size[0] / data.size[1]);
    this.long = Math.max(...data.size);
    this.clear = root.querySelector("[data-do=clear]");
    this.events = new AbortController();
    this.pen = null; // id of the drawing pointer
    this.listen(this.picture, "load", () => this.draw());
    this.listen(this.clear, "click", () => this.wipe());
    this.listen(this.canvas, "keydown", (event) => this.key(event));
    this.listen(this.canvas, "pointerdown", (event) => this.press(event));
    this.listen(this.canvas, "pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel"]) this.listen(this.canvas, end, (event) => this.release(event));
    // Send before any other input: Start may be pressed right after a stroke, and needs the stroke on the server.
    this.listen(document, "pointerdown", (event) => event.composedPath().includes(this.canvas) || this.send(), true);
    this.listen(document, "keydown", (event) => event.composedPath().includes(this.canvas) || this.send(), true);
  }

  listen(target, type, react, capture = false) {
    target.addEventListener(type, react, { capture, signal: this.events.signal });
  }

  refresh(picture, tell) {
    this.tell = tell;
    if (this.picture.src !== picture) this.picture.src = picture;
  }

  close() {
    clearTimeout(this.timer);
    this.events.abort();
  }

  // Return the position of a pointer, in canvas pixels.
  at(event) {
    const frame = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - frame.left) / frame.width) * this.canvas.width;
    return [x, ((event.clientY - frame.top) / frame.height) * this.canvas.height];
  }

  press(event) {
    if (this.pen !== null || event.button !== 0) return;
    this.pen = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.begin(this.at(event));
    this.draw();
  }

  drag(event) {
    if (event.pointerId !== this.pen) return;
    const passed = event.getCoalescedEvents();
    for (const each of passed.length ? passed : [event]) this.move(this.at(each));
    this.draw();
  }

  release(event) {
    if (event.pointerId !== this.pen) return;
    this.pen = null;
    this.changed();
  }

  // Redraw now and send after a short delay.
  changed() {
    this.draw();
    clearTimeout(this.timer);
    this.unsent = true;
    this.timer = setTimeout(() => this.send(), SENT_AFTER);
  }

  send() {
    if (!this.unsent || this.pen !== null) return;
    clearTimeout(this.timer);
    this.unsent = false;
    this.tell("drawn", this.drawn());
  }
}
