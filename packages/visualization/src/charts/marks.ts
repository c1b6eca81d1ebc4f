import type { Shape } from '../scene/scene.ts';
import { textWidth } from '../scene/text.ts';

/** A place marked on a chart. */
export interface Mark {
  readonly x: number;
  /** Left out for a line over the whole height. */
  readonly y?: number;
  readonly label: string;
}

/** From a value to pixels. */
export type Scale = (value: number) => number;

/** Pixels between which a chart draws. */
export interface Edges {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A line over the whole height, or a ring at a point, with its label where there is room. */
export function drawMark(
  { x, y, label }: Mark,
  across: Scale,
  up: Scale,
  { left, right, top, bottom }: Edges,
): Shape[] {
  const at = across(x);
  const room = textWidth(label, 11) + 8;
  const flip = at + room > right && at - room > left;
  const where = { x: flip ? at - 8 : at + 8, size: 11, fill: 'ink', anchor: flip ? 'end' : 'start' } as const;
  if (y === undefined) {
    return [
      { kind: 'path', commands: `M${round(at)} ${top}V${bottom}`, stroke: 'ink', strokeWidth: 1.2, dash: [3, 3] },
      { kind: 'text', ...where, y: bottom - 8, text: label },
    ];
  }
  const circle = `M${round(at - 5)} ${round(up(y))}a5 5 0 1 1 10 0a5 5 0 1 1 -10 0z`;
  const below = up(y) + 20 < bottom;
  return [
    { kind: 'path', commands: circle, fill: 'ground', stroke: 'ink', strokeWidth: 2 },
    { kind: 'text', ...where, y: up(y) + (below ? 20 : -10), text: label },
  ];
}

/** Pixels to a tenth: more only makes files longer. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
