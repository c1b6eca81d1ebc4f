/** A digit on a small canvas. */
export function digitCanvas(
  pixels: Uint8Array,
  canvas: HTMLCanvasElement = document.createElement('canvas'),
): HTMLCanvasElement {
  canvas.width = canvas.height = 28;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const image = context.createImageData(28, 28);
  pixels.forEach((ink, i) => image.data.set([ink, ink, ink, 255], 4 * i));
  context.putImageData(image, 0, 0);
  return canvas;
}
