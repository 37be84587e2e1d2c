/** Who reads, drawn over what is read: seat, name and time. It hinders nobody, and names who did it. */

const TURN = -Math.PI / 7;
const APART = 150;
const PIXELS = 15;

/** Draw a line of words all over a canvas, so faint that what lies below stays readable. */
export function mark(canvas: HTMLCanvasElement, words: string, density: number): void {
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  const { width, height } = canvas;
  pen.save();
  pen.resetTransform();
  pen.globalCompositeOperation = "source-over";
  pen.filter = "none";
  pen.globalAlpha = 0.16;
  pen.fillStyle = "#7a1f1f";
  pen.font = `${PIXELS * density}px sans-serif`;
  pen.translate(width / 2, height / 2);
  pen.rotate(TURN);
  const [across, down] = [pen.measureText(words).width + 70 * density, APART * density];
  const reach = Math.hypot(width, height) / 2;
  for (let [y, row] = [-reach, 0]; y < reach; [y, row] = [y + down, row + 1]) {
    for (let x = -reach - (row % 2) * (across / 2); x < reach; x += across) pen.fillText(words, x, y);
  }
  pen.restore();
}

/** A transparent layer that marks what lies below it. */
export function marked(words: string, width: number, height: number): HTMLCanvasElement {
  const layer = document.createElement("canvas");
  layer.width = Math.max(1, Math.round(width));
  layer.height = Math.max(1, Math.round(height));
  layer.className = "reader-mark";
  layer.setAttribute("aria-hidden", "true");
  mark(layer, words, 1);
  return layer;
}
