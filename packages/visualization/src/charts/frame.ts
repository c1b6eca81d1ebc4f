import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Role } from '../scene/palette.ts';
import type { Shape } from '../scene/scene.ts';
import { drawMark, round, type Mark, type Scale } from './marks.ts';
import { fitText, textWidth } from '../scene/text.ts';

/** A line of a chart. */
export interface Series {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Default 2 pixels. */
  readonly strokeWidth?: number;
  readonly opacity?: number;
  /** Not in the legend. */
  readonly silent?: boolean;
  /** Colour and dashes of the series at this place. Default its own. */
  readonly look?: number;
}

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly heading: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
  readonly series: readonly Series[];
  readonly marks?: readonly Mark[];
  /** Ticks of the x axis at whole numbers only: steps. */
  readonly wholeX?: boolean;
}

const MARGIN = { top: 64, right: 20, bottom: 46, left: 58 };
const ROLES: readonly Role[] = ['series-1', 'series-2', 'series-3', 'series-4'];
// Lines differ in form as well as in colour.
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [8, 4], [2, 4], [10, 4, 2, 4]];

const roleOf = (place: number): Role => ROLES[place % ROLES.length]!;

/** Axes, grid, legend, lines and marks; values at the ends of a range touch the frame. */
export function drawChart({
  width,
  height,
  heading,
  xLabel,
  yLabel,
  x,
  y,
  series,
  marks = [],
  wholeX = false,
}: Chart): Shape[] {
  const [left, right, top, bottom] = [MARGIN.left, width - MARGIN.right, MARGIN.top, height - MARGIN.bottom];
  const across = scaleLinear(widen(x), [left, right]);
  const up = scaleLinear(widen(y), [bottom, top]);
  return [
    { kind: 'text', x: left, y: 22, text: fitText(heading, 14, right - left), size: 14, bold: true, fill: 'ink' },
    ...up.ticks(5).flatMap((tick): Shape[] => [
      { kind: 'path', commands: `M${left} ${round(up(tick))}H${right}`, stroke: 'grid' },
      {
        kind: 'text',
        x: left - 8,
        y: up(tick) + 4,
        text: up.tickFormat(5)(tick),
        size: 11,
        anchor: 'end',
        fill: 'faint',
      },
    ]),
    ...across
      .ticks(6)
      .filter((tick) => !wholeX || Number.isInteger(tick))
      .flatMap((tick): Shape[] => [
        { kind: 'path', commands: `M${round(across(tick))} ${bottom}v5`, stroke: 'faint' },
        {
          kind: 'text',
          x: across(tick),
          y: bottom + 18,
          text: wholeX ? tick.toLocaleString('en') : across.tickFormat(6)(tick),
          size: 11,
          anchor: 'middle',
          fill: 'faint',
        },
      ]),
    { kind: 'path', commands: `M${left} ${bottom}H${right}`, stroke: 'faint' },
    { kind: 'text', x: (left + right) / 2, y: height - 10, text: xLabel, size: 12, anchor: 'middle', fill: 'ink' },
    { kind: 'text', x: 16, y: (top + bottom) / 2, text: yLabel, size: 12, anchor: 'middle', upward: true, fill: 'ink' },
    ...drawLegend(series, left, right),
    ...series.map((each, place) => drawLine(each, each.look ?? place, across, up)),
    ...marks.flatMap((mark) => drawMark(mark, across, up, { left, right, top, bottom })),
  ];
}

/** A range of one value has no length to draw on. */
function widen([low, high]: readonly [number, number]): [number, number] {
  return low < high ? [low, high] : [low - 0.5, low + 0.5];
}

function drawLine(
  { x, y, strokeWidth = 2, opacity, name, silent }: Series,
  look: number,
  across: Scale,
  up: Scale,
): Shape {
  const places = Array.from({ length: Math.min(x.length, y.length) }, (_, i) => i);
  const commands = line<number>(
    (i) => across(x[i]!),
    (i) => up(y[i]!),
  )
    .defined((i) => Number.isFinite(x[i]) && Number.isFinite(y[i]))
    .digits(1)(places);
  const dash = silent ? undefined : DASHES[look % DASHES.length];
  const paint = { stroke: roleOf(look), strokeWidth, ...(dash ? { dash } : {}), ...(opacity ? { opacity } : {}) };
  return { kind: 'group', x: 0, y: 0, title: name, shapes: [{ kind: 'path', commands: commands ?? '', ...paint }] };
}

function drawLegend(series: readonly Series[], left: number, right: number): Shape[] {
  const shapes: Shape[] = [];
  let x = left;
  series.forEach(({ name, silent, look }, place) => {
    if (silent || (series.length === 1 && !name)) return;
    const text = fitText(name, 12, right - x - 30);
    const dash = DASHES[(look ?? place) % DASHES.length];
    shapes.push(
      {
        kind: 'path',
        commands: `M${x} 42h24`,
        stroke: roleOf(look ?? place),
        strokeWidth: 2.5,
        ...(dash ? { dash } : {}),
      },
      { kind: 'text', x: x + 30, y: 46, text, size: 12, fill: 'ink' },
    );
    x += 46 + textWidth(text, 12);
  });
  return shapes;
}
