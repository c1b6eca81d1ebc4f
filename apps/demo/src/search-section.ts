import type { Remote } from 'comlink';
import { digitCanvas } from './digit-canvas.ts';
import { digitFromDrawing } from './digit-from-drawing.ts';
import { drawingPad } from './drawing-pad.ts';
import type { Job } from './job.ts';
import type { Digit, Found } from './job-contract.ts';
import { newestOnly } from './newest-only.ts';
import { answer, byId, make, say } from './page.ts';
import type { ThresholdSection } from './threshold-section.ts';
import { clearVerdict, sayVerdict, showVerdict, type Query } from './verdict.ts';

/** What is drawn or picked, looked up as it changes. */
export interface SearchSection {
  open(digits: readonly Digit[]): void;
  /** Looks up again, after the index or the distance changed. */
  again(): void;
}

/** What the rest of the page does with a search. */
export interface SearchEvents {
  found(found: Found | undefined): void;
  /** Takes a drawing as an example of a new class. */
  keep(pixels: Uint8Array): void;
}

const NEIGHBORS = 5;
/** Milliseconds between two lookups while drawing. */
const PAUSE = 40;
/** Milliseconds without a change after which the verdict is said. */
const REST = 350;

/** Section 3: draw or pick, and see what it is taken for. */
export function searchSection(job: Remote<Job>, threshold: ThresholdSection, events: SearchEvents): SearchSection {
  let query: Query | undefined;
  let rest: ReturnType<typeof setTimeout> | undefined;
  const search = newestOnly<() => Query | undefined>(
    (ask) =>
      answer('search-status', async () => {
        clearTimeout(rest);
        const mine = ask();
        if (!mine) return;
        query = mine;
        const begun = performance.now();
        const found = await job.search(mine.pixels, { k: NEIGHBORS, distance: threshold.distance });
        const took = performance.now() - begun;
        if (query !== mine) return; // cleared meanwhile
        showVerdict(mine, found, threshold.distance);
        events.found(found);
        rest = setTimeout(() => sayVerdict(found, took), REST);
      }),
    PAUSE,
  );
  const pad = drawingPad(() =>
    search(() => {
      const pixels = digitFromDrawing(pad.drawing());
      return pixels && { pixels, label: null };
    }),
  );
  const clear = (sentence: string): void => {
    clearTimeout(rest);
    pad.clear();
    query = undefined;
    search(() => undefined); // in place of what waits
    clearVerdict(sentence);
    events.found(undefined);
  };
  byId('clear', HTMLButtonElement).addEventListener('click', () => clear('The pad is empty.'));
  byId('keep', HTMLButtonElement).addEventListener('click', () => {
    if (!query) return say('search-status', 'Draw or pick something first.');
    events.keep(query.pixels);
    clear('Kept as an example, in section 4.');
  });
  byId('save-drawing', HTMLButtonElement).addEventListener('click', () => {
    if (!query) return say('search-status', 'Draw or pick something first.');
    make('a', { href: digitCanvas(query.pixels).toDataURL(), download: 'drawing.png' }).click();
  });

  return {
    open: (digits) => {
      const buttons = digits.map(({ pixels, label }) => {
        const button = make('button', { type: 'button', ariaLabel: `Search for this ${label}` }, digitCanvas(pixels));
        button.addEventListener('click', () => {
          pad.clear();
          search(() => ({ pixels, label }));
        });
        return button;
      });
      byId('picker', HTMLElement).replaceChildren(...buttons);
      clear('');
    },
    again: () => {
      const last = query;
      if (last) search(() => last);
    },
  };
}
