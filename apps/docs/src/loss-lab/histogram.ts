import { shape } from './element.ts';
import { pairColors } from './marks.ts';

const width = 400;
const height = 110;
const floor = 88;
const bins = 24;

/** How many pairs of a kind lie in each of some equal steps of distance. */
export interface Counts {
  readonly least: number;
  readonly most: number;
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** Distances of all pairs of two points, `[n, n]` row-major, as counts of positive and negative pairs. */
export function countDistances(labels: Int32Array, distances: Float32Array): Counts {
  const n = labels.length;
  const found: { distance: number; same: boolean }[] = [];
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      if (a !== b) found.push({ distance: distances[a * n + b]!, same: labels[a] === labels[b] });
    }
  }
  const all = found.map(({ distance }) => distance);
  const least = Math.min(0, ...all);
  const most = Math.max(...all, least + 1e-6);
  const bin = (distance: number): number =>
    Math.min(bins - 1, Math.floor(((distance - least) / (most - least)) * bins));
  const count = (same: boolean): number[] => {
    const counts = Array.from({ length: bins }, () => 0);
    for (const pair of found) if (pair.same === same) counts[bin(pair.distance)]! += 1;
    return counts;
  };
  return { least, most, positives: count(true), negatives: count(false) };
}

/** Share of positive pairs above the line, of negative ones below: what lies between is told apart. */
export function drawHistogram({ least, most, positives, negatives }: Counts): SVGSVGElement {
  const share = (counts: readonly number[]): number[] => {
    const total = counts.reduce((sum, count) => sum + count, 0) || 1;
    return counts.map((count) => count / total);
  };
  const [up, down] = [share(positives), share(negatives)];
  const tallest = Math.max(...up, ...down) || 1;
  const bars = (shares: number[], fill: string, dashed: boolean): SVGRectElement[] =>
    shares.map((part, i) => {
      const tall = (part / tallest) * (floor - 8);
      const x = (i * width) / bins + 1;
      const box = { x, y: (floor - tall).toFixed(1), width: width / bins - 2, height: tall.toFixed(1) };
      const paint = dashed
        ? { fill, 'fill-opacity': 0.15, stroke: fill, 'stroke-dasharray': '3 2' }
        : { fill, 'fill-opacity': 0.75 };
      return shape('rect', { ...box, ...paint });
    });
  const text = (x: number, anchor: string, words: string): SVGTextElement =>
    shape('text', { x, y: height - 6, 'text-anchor': anchor, 'font-size': 12, fill: 'currentColor' }, words);
  return shape(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      class: 'lab-histogram',
      role: 'img',
      'aria-label': `Distances from ${least.toFixed(2)} to ${most.toFixed(2)}: positive pairs filled, negative pairs outlined`,
    },
    ...bars(up, pairColors.pull, false),
    ...bars(down, pairColors.push, true),
    shape('line', { x1: 0, x2: width, y1: floor, y2: floor, stroke: 'currentColor', 'stroke-opacity': 0.4 }),
    text(0, 'start', least.toFixed(2)),
    text(width / 2, 'middle', 'distance'),
    text(width, 'end', most.toFixed(2)),
  );
}
