import { round } from '../charts/marks.ts';
import type { Role } from '../scene/palette.ts';
import type { Shape } from '../scene/scene.ts';

const ROLES: readonly Role[] = ['series-1', 'series-2', 'series-3', 'series-4'];

/** A place in a picture, in pixels. */
export type Place = readonly [x: number, y: number];

/**
 * Many small marks of one class as a single path. Classes differ in colour and, from the fifth on, in form: dots, crosses, rings.
 *
 * @param look Place of the class among the classes; undefined for points without a label.
 * @param size Pixels across.
 */
export function drawDots(places: readonly Place[], look: number | undefined, size: number, opacity: number): Shape {
  const role: Role = look === undefined ? 'unknown' : ROLES[look % ROLES.length]!;
  const form = look === undefined ? 0 : Math.floor(look / ROLES.length) % 3;
  const half = round(size / 2);
  // A line of next to no length, its ends round, is a dot in few letters.
  const mark = [
    'h.01',
    `m${-half} ${-half}l${2 * half} ${2 * half}m0 ${-2 * half}l${-2 * half} ${2 * half}`,
    `m${-half} 0a${half} ${half} 0 1 1 ${2 * half} 0a${half} ${half} 0 1 1 ${-2 * half} 0`,
  ][form]!;
  const commands = places.map(([x, y]) => `M${round(x)} ${round(y)}${mark}`).join('');
  return { kind: 'path', commands, stroke: role, strokeWidth: form === 0 ? size : Math.max(1, size / 3), opacity };
}
