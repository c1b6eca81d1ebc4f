/** The element of an id, of the kind that the page has there. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`The page has no ${kind.name} named ${id}`);
}

/** Says something under a section, to readers of screens as well. */
export function say(id: string, text: string): void {
  const line = byId(id, HTMLElement);
  line.classList.remove('error');
  line.textContent = text;
}

/** Runs what a person asked for, and shows the sentence of an error where they look. */
export async function answer(id: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    console.error(error);
    say(id, error instanceof Error ? error.message : String(error));
    byId(id, HTMLElement).classList.add('error');
  }
}

/** A digit on a small canvas, to be picked. */
export function digitCanvas(pixels: Uint8Array): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 28;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(28, 28);
  pixels.forEach((ink, i) => image.data.set([ink, ink, ink, 255], 4 * i));
  context.putImageData(image, 0, 0);
  return canvas;
}
