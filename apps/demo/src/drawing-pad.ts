import type { Drawing } from './digit-from-drawing.ts';
import { byId } from './page.ts';

/** A canvas to draw on with mouse, pen or finger. */
export interface DrawingPad {
  drawing(): Drawing;
  clear(): void;
}

/** @param drawn Called while a stroke is drawn, and when it ends. */
export function drawingPad(drawn: () => void): DrawingPad {
  const canvas = byId('pad', HTMLCanvasElement);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const clear = (): void => {
    context.fillStyle = '#000';
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  clear();
  context.strokeStyle = '#fff';
  context.lineWidth = 22;
  context.lineCap = context.lineJoin = 'round';

  let last: { x: number; y: number } | undefined;
  const place = (event: PointerEvent): { x: number; y: number } => {
    const box = canvas.getBoundingClientRect();
    const scale = canvas.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  };
  const draw = (event: PointerEvent): void => {
    if (!last) return;
    context.beginPath();
    context.moveTo(last.x, last.y);
    for (const each of event.getCoalescedEvents?.() ?? []) {
      const here = place(each);
      context.lineTo(here.x, here.y);
    }
    last = place(event);
    context.lineTo(last.x, last.y);
    context.stroke();
    drawn();
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    draw(event); // a dot
  });
  canvas.addEventListener('pointermove', draw);
  for (const end of ['pointerup', 'pointercancel'] as const) {
    canvas.addEventListener(end, () => {
      if (last) drawn();
      last = undefined;
    });
  }
  return {
    clear,
    drawing: () => {
      const { width, height } = canvas;
      const { data } = context.getImageData(0, 0, width, height);
      return { width, height, ink: Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]!) };
    },
  };
}
