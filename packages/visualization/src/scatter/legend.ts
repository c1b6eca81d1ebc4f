import type { Shape } from '../scene/scene.ts';
import { fitText, textWidth } from '../scene/text.ts';
import { drawDots } from './dots.ts';
import type { PointClass } from './group-labels.ts';

const LINE = 20;
const KEY = 18;
/** More classes than these are counted, not named. */
const MOST_NAMED = 24;

/** Marks and names of classes in lines of at most `width` pixels, from `(x, y)`, and how high they are together. */
export function drawLegend(
  classes: readonly PointClass[],
  { x, y, width }: { x: number; y: number; width: number },
): { shapes: Shape[]; height: number } {
  const shapes: Shape[] = [];
  let [across, line] = [0, 0];
  const put = (text: string, mark: (at: readonly [number, number]) => Shape[]): void => {
    const long = textWidth(text, 12) + KEY + 12;
    if (across > 0 && across + long > width) [across, line] = [0, line + 1];
    const base = y + line * LINE;
    shapes.push(...mark([x + across + 6, base - 4]));
    shapes.push({ kind: 'text', x: x + across + KEY, y: base, text, size: 12, fill: 'ink' });
    across += long;
  };
  for (const { name, look } of classes.slice(0, MOST_NAMED)) {
    put(fitText(name, 12, width - KEY), (at) => [drawDots([at], look, 8, 1)]);
  }
  if (classes.length > MOST_NAMED) put(`and ${classes.length - MOST_NAMED} more`, () => []);
  return { shapes, height: classes.length === 0 ? 0 : (line + 1) * LINE };
}
