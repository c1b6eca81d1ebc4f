import { drawNeighbors } from '@simile/visualization';
import { glyphOf, styleOf } from './class-look.ts';
import { distanceLine } from './distance-line.ts';
import type { Found } from './job-contract.ts';
import { byId, say } from './page.ts';
import { imageOf, show } from './results-section.ts';
import { distanceText } from './distance-text.ts';

/** What was looked up. */
export interface Query {
  readonly pixels: Uint8Array;
  /** Of a test digit; null for a drawing. */
  readonly label: number | null;
}

/** Shows what a query is taken for, how far its neighbours are, and who they are. */
export function showVerdict(query: Query, found: Found, believed: number): void {
  const { label, distance, neighbors } = found;
  const card = byId('verdict', HTMLElement);
  const glyph = byId('verdict-glyph', HTMLElement);
  card.dataset['state'] = label === null ? 'unknown' : 'known';
  glyph.textContent = label === null ? '?' : glyphOf(label);
  if (label === null) delete glyph.dataset['class'];
  else glyph.dataset['class'] = styleOf(label);
  byId('verdict-name', HTMLElement).textContent = label === null ? 'Unknown' : `Taken for ${label}`;
  const nearest = neighbors[0]?.label ?? 'no label';
  byId('verdict-why', HTMLElement).textContent =
    label === null
      ? `The nearest, a ${nearest}, is ${distanceText(distance)} away; believed is up to ${distanceText(believed)}.`
      : `The nearest is ${distanceText(distance)} away; believed is up to ${distanceText(believed)}.`;
  const line = byId('distance-line', HTMLElement);
  line.replaceChildren(distanceLine(neighbors, { believed, width: line.clientWidth }));
  show('search-strip', drawNeighbors(imageOf(query.pixels), query.label, neighbors, { match: found, imageSize: 72 }));
}

/** The same in a sentence, for readers of screens: once the drawing rests. */
export function sayVerdict({ label }: Found, milliseconds: number): void {
  const what = label === null ? 'unknown: nothing in the index is near enough' : `“${label}”`;
  say('search-status', `Taken for ${what}. Found in ${milliseconds.toFixed(0)} ms.`);
}

/** As before the first drawing. */
export function clearVerdict(sentence: string): void {
  byId('verdict', HTMLElement).dataset['state'] = 'empty';
  const glyph = byId('verdict-glyph', HTMLElement);
  glyph.textContent = '…';
  delete glyph.dataset['class'];
  byId('verdict-name', HTMLElement).textContent = 'Draw a digit, or pick one below';
  byId('verdict-why', HTMLElement).textContent = 'It is looked up while you draw.';
  for (const id of ['distance-line', 'search-strip']) byId(id, HTMLElement).replaceChildren();
  say('search-status', sentence);
}
