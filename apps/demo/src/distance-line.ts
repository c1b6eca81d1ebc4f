import type { Label, Neighbor } from '@simile/index';
import { glyphOf, styleOf } from './class-look.ts';
import { makeSvg } from './page.ts';
import { distanceText } from './distance-text.ts';

const EDGE = 12;
/** Room that a glyph takes on the line; those that would overlap stand on each other. */
const GLYPH = 17;
const ABOVE = 26;

/** Neighbours on a line of distances, from the query at the left, and how far a match is believed. */
export function distanceLine(
  neighbors: readonly Neighbor[],
  { believed, width }: { believed: number; width: number },
): SVGElement {
  const farthest = 1.08 * Math.max(believed, ...neighbors.map(({ distance }) => distance)) || 1;
  const x = (distance: number): number => EDGE + (distance / farthest) * (width - 2 * EDGE);
  const ends: number[] = []; // of each storey, where its last glyph is
  const places = neighbors.map(({ label, distance }) => {
    const at = x(distance);
    const free = ends.findIndex((end) => at - end >= GLYPH);
    const storey = free < 0 ? ends.length : free;
    ends[storey] = at;
    return { label: label ?? '?', at, storey };
  });
  const line = ABOVE + GLYPH * Math.max(0, ends.length - 1);
  const height = line + 26;
  const limit = x(believed);
  const glyphs = places.map(({ label, at, storey }, i) => glyph(label, at, line - 8 - storey * GLYPH, i === 0));
  const ticks = places.map(({ label, at }) =>
    makeSvg('path', {
      d: `M${at} ${line - 5}v10`,
      stroke: 'currentColor',
      'stroke-width': 2,
      'data-class': styleOf(label),
    }),
  );
  const list = neighbors.map(({ label, distance }) => `${label ?? 'no label'} at ${distanceText(distance)}`).join(', ');
  const leftward = limit > width / 2;
  return makeSvg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      height,
      role: 'img',
      'aria-label': `Distances: ${list}. Believed up to ${distanceText(believed)}.`,
    },
    bar(EDGE, width - EDGE, line, 'var(--line)'),
    bar(EDGE, limit, line, 'var(--accent)'),
    ...ticks,
    ...glyphs,
    makeSvg('path', { d: `M${limit} ${line - 8}v26`, stroke: 'currentColor', 'stroke-width': 2 }),
    makeSvg(
      'text',
      {
        x: leftward ? limit - 6 : limit + 6,
        y: line + 18,
        'text-anchor': leftward ? 'end' : 'start',
        fill: 'var(--faint)',
      },
      `believed up to ${distanceText(believed)}`,
    ),
  );
}

function glyph(label: Label, x: number, y: number, nearest: boolean): SVGElement {
  const look = {
    'text-anchor': 'middle',
    'font-size': nearest ? 19 : 15,
    'font-weight': 750,
    fill: 'currentColor',
    'data-class': styleOf(label),
  };
  return makeSvg('text', { x, y, ...look }, glyphOf(label));
}

function bar(from: number, to: number, y: number, fill: string): SVGElement {
  return makeSvg('rect', { x: from, y: y - 3, width: Math.max(0, to - from), height: 6, rx: 3, fill });
}
