import type { Calibration } from '@simile/metrics';
import type { Tried } from './job-contract.ts';
import { makeSvg } from './page.ts';
import { distanceBins } from './threshold.ts';
import { distanceText } from './distance-text.ts';

/** What the chart over the slider shows. */
export interface ThresholdChart {
  readonly calibration: Calibration;
  readonly tried: Tried;
  /** The distance chosen. */
  readonly distance: number;
  /** The largest distance of the slider. */
  readonly most: number;
  /** CSS pixels. */
  readonly width: number;
}

const HEIGHT = 210;
/** Half a thumb of the slider, so that both have one scale. */
const EDGE = 10;
const TOP = 26;
const BINS = 60;
const LINES = [
  { name: 'precision', color: 'var(--accent)', dash: '' },
  { name: 'recall', color: 'var(--wrong)', dash: '7 4' },
  { name: 'f1', color: 'var(--third)', dash: '2 4' },
] as const;

/** Precision, recall and F1 by distance, over how far right and wrong test digits were; what is beyond the distance is shaded. */
export function thresholdChart({ calibration, tried, distance, most, width }: ThresholdChart): SVGElement {
  const right = width - EDGE;
  const x = (value: number): number => EDGE + (Math.min(value, most) / most) * (right - EDGE);
  const y = (value: number): number => HEIGHT - (HEIGHT - TOP) * value;
  const { thresholds } = calibration.curve;
  const lines = LINES.map(({ name, color, dash }) => {
    const values = calibration.curve[name]!;
    const steps = thresholds.map(
      (threshold, i) => `${i === 0 ? 'M' : 'L'}${x(threshold).toFixed(1)} ${y(values[i]!).toFixed(1)}`,
    );
    return makeSvg('path', {
      d: steps.join(''),
      fill: 'none',
      stroke: color,
      'stroke-width': 2.25,
      'stroke-linecap': 'round',
      'stroke-dasharray': dash,
    });
  });
  const counts = distanceBins(tried, most, BINS);
  const tallest = Math.max(...counts.right, ...counts.wrong, 1);
  const bars = (list: readonly number[], color: string, offset: number): SVGElement => {
    const wide = (right - EDGE) / BINS;
    const d = list.map((count, bin) => {
      const tall = (HEIGHT - TOP) * 0.5 * Math.sqrt(count / tallest);
      return count === 0
        ? ''
        : `M${(EDGE + (bin + offset) * wide).toFixed(1)} ${HEIGHT}v${-tall.toFixed(1)}h${(wide / 2).toFixed(1)}v${tall.toFixed(1)}z`;
    });
    return makeSvg('path', { d: d.join(''), fill: color, opacity: 0.32 });
  };
  const grid = [0, 0.5, 1].map((value) =>
    makeSvg(
      'g',
      {},
      makeSvg('path', { d: `M${EDGE} ${y(value)}H${right}`, stroke: 'var(--line)' }),
      ...(value > 0 ? [makeSvg('text', { x: EDGE + 2, y: y(value) + 14, fill: 'var(--faint)' }, String(value))] : []),
    ),
  );
  const at = x(distance);
  let place = EDGE;
  const keys = LINES.flatMap(({ name, color, dash }) => {
    const text = name === 'f1' ? 'F1' : name;
    const key = [
      makeSvg('path', { d: `M${place} 10h22`, stroke: color, 'stroke-width': 2.5, 'stroke-dasharray': dash }),
      makeSvg('text', { x: place + 28, y: 14, fill: 'currentColor' }, text),
    ];
    place += 28 + 7 * text.length + 18;
    return key;
  });
  for (const [text, color] of [
    ['nearest is right', 'var(--accent)'],
    ['is wrong', 'var(--wrong)'],
  ] as const) {
    if (place + 24 + 7 * text.length > width) break; // a phone has no room for it; the text above says it
    keys.push(
      makeSvg('rect', { x: place, y: 4, width: 12, height: 12, rx: 2, fill: color, opacity: 0.4 }),
      makeSvg('text', { x: place + 18, y: 14, fill: 'currentColor' }, text),
    );
    place += 18 + 6.5 * text.length + 18;
  }
  const description = `Precision, recall and F1 by distance, from 0 to ${distanceText(most)}; the distance chosen is ${distanceText(distance)}.`;
  return makeSvg(
    'svg',
    { viewBox: `0 0 ${width} ${HEIGHT}`, height: HEIGHT, role: 'img', 'aria-label': description },
    ...grid,
    bars(counts.right, 'var(--accent)', 0),
    bars(counts.wrong, 'var(--wrong)', 0.5),
    makeSvg('rect', {
      x: at,
      y: TOP,
      width: Math.max(0, right - at),
      height: HEIGHT - TOP,
      fill: 'var(--card)',
      opacity: 0.72,
    }),
    ...lines,
    makeSvg('path', { d: `M${at} ${TOP - 4}V${HEIGHT}`, stroke: 'currentColor', 'stroke-width': 1.5 }),
    ...keys,
  );
}
