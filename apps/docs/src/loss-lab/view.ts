import type { Rows } from './points.ts';
import type { Space } from './state.ts';

/** Side of the drawing, in its own units. */
export const side = 400;

/** How rows of the lab become places of the drawing. */
export interface View {
  /** Units of the space from the middle to an edge. */
  reach: number;
  /** How far the sphere is turned, in radians. */
  turn: { around: number; over: number };
}

export const makeView = (): View => ({ reach: 1.5, turn: { around: 0.5, over: 0.35 } });

/** Widens the view at once where rows are outside of it, and closes it slowly where they leave room. */
export function follow(view: View, space: Space, rows: Rows): void {
  const farthest = Math.max(...rows.map((row) => Math.max(...row.map(Math.abs))));
  const wanted = space === 'plane' ? Math.max(0.5, 1.15 * farthest) : 1.25;
  view.reach = wanted > view.reach ? wanted : 0.97 * view.reach + 0.03 * wanted;
}

/** Place of a row: x, y of the drawing, and depth from −1 (behind) to 1 (in front). */
export function place(view: View, row: readonly number[]): [x: number, y: number, depth: number] {
  const [x, y, depth] = turned(view, row);
  const scale = side / 2 / view.reach;
  return [side / 2 + x * scale, side / 2 - y * scale, depth];
}

/** The row that lies at a place of the drawing; on a sphere, that of its front. */
export function rowAt(view: View, space: Space, at: { x: number; y: number }): number[] {
  const scale = view.reach / (side / 2);
  const x = (at.x - side / 2) * scale;
  const y = (side / 2 - at.y) * scale;
  if (space === 'plane') return [x, y];
  const length = Math.hypot(x, y) || 1;
  if (space === 'circle') return [x / length, y / length];
  const front = length < 1 ? [x, y, Math.sqrt(1 - length * length)] : [x / length, y / length, 0];
  return back(view, front as [number, number, number]);
}

function turned({ turn: { around, over } }: View, row: readonly number[]): [number, number, number] {
  const [x = 0, y = 0, z] = row;
  if (z === undefined) return [x, y, 1];
  const across = x * Math.cos(around) + z * Math.sin(around);
  const depth = z * Math.cos(around) - x * Math.sin(around);
  return [across, y * Math.cos(over) - depth * Math.sin(over), y * Math.sin(over) + depth * Math.cos(over)];
}

function back({ turn: { around, over } }: View, [x, y, z]: [number, number, number]): number[] {
  const up = y * Math.cos(over) + z * Math.sin(over);
  const depth = z * Math.cos(over) - y * Math.sin(over);
  return [x * Math.cos(around) - depth * Math.sin(around), up, depth * Math.cos(around) + x * Math.sin(around)];
}
