import { drawNeighbors } from '@simile/visualization';
import type { Remote } from 'comlink';
import { digitFromDrawing } from './digit-from-drawing.ts';
import { drawingPad } from './drawing-pad.ts';
import type { Digit, Job } from './job.ts';
import { answer, byId, digitCanvas, say } from './page.ts';
import { imageOf, show } from './results-section.ts';

/** Section 4: searches what is drawn or picked; `keep` takes it as an example of a new class. */
export function searchSection(
  job: Remote<Job>,
  keep: (pixels: Uint8Array) => void,
): (digits: readonly Digit[]) => void {
  let query: Uint8Array | undefined;
  const search = (pixels: Uint8Array, label: number | null): Promise<void> =>
    answer('search-status', async () => {
      query = pixels;
      const begun = performance.now();
      const match = await job.search(pixels, 6);
      const took = (performance.now() - begun).toFixed(0);
      const found = match.label === null ? 'unknown: nothing in the index is near enough' : `“${match.label}”`;
      say('search-status', `Taken for ${found}. Found in ${took} ms.`);
      show('search-strip', drawNeighbors(imageOf(pixels), label, match.neighbors, { match }));
    });

  const pad = drawingPad(() => {
    const pixels = digitFromDrawing(pad.drawing());
    if (pixels) void search(pixels, null);
  });
  byId('clear', HTMLButtonElement).addEventListener('click', () => {
    pad.clear();
    query = undefined;
    say('search-status', 'The pad is empty.');
    byId('search-strip', HTMLElement).replaceChildren();
  });
  byId('keep', HTMLButtonElement).addEventListener('click', () => {
    if (!query) return say('search-status', 'Draw or pick something first.');
    keep(query);
    pad.clear();
    say('search-status', 'Kept as an example, in section 5.');
  });

  return (digits) => {
    byId('search-section', HTMLElement).hidden = false;
    const buttons = digits.map(({ pixels, label }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.ariaLabel = `Search for this ${label}`;
      button.append(digitCanvas(pixels));
      button.addEventListener('click', () => void search(pixels, label));
      return button;
    });
    byId('picker', HTMLElement).replaceChildren(...buttons);
  };
}
