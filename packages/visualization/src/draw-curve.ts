import { checkInteger, checkNames, SimileError } from '@simile/core/errors';
import { drawChart, type Series } from './charts/frame.ts';
import { movingMean } from './charts/moving-mean.ts';
import { thinLine } from './charts/thin-line.ts';
import { makePicture, type Picture, type PictureOptions } from './picture.ts';

/** Options of {@link drawCurve}. */
export interface DrawCurveOptions extends PictureOptions {
  /** Words at the x axis. Default `step`. */
  readonly xLabel?: string;
  /** Words at the y axis. Default `loss`. */
  readonly yLabel?: string;
  /** Values in the moving mean drawn over the faint raw line; 1 for the raw line alone. Default a fortieth of the longest. */
  readonly smooth?: number;
  /** Place of the first value on the x axis, any number. Default 1. */
  readonly first?: number;
}

/**
 * Values over steps or epochs: losses, learning rates, metrics. Values that are not finite leave a gap.
 *
 * @param values One list, or lists by name, drawn together: `{ loss, val_loss }`
 * @throws `ERR_DATA` without a finite value, `ERR_OPTION`
 * @example
 * drawCurve([0.9, 0.5, 0.3]).description; // 'loss from 0.900 to 0.300 over 3 values.'
 */
export function drawCurve(
  values: ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>,
  options: DrawCurveOptions = {},
): Picture {
  const { xLabel = 'step', yLabel = 'loss', first = 1, title = yLabel, theme = 'auto' } = options;
  checkNames('draw-curve', options, ['xLabel', 'yLabel', 'smooth', 'first', 'title', 'theme']);
  checkInteger('draw-curve', { first }, 0);
  const lists = Object.entries(isList(values) ? { [yLabel]: values } : values);
  const longest = Math.max(0, ...lists.map(([, list]) => list.length));
  const { smooth = Math.max(1, Math.round(longest / 40)) } = options;
  checkInteger('draw-curve', { smooth }, 1);
  const finite = lists.flatMap(([, list]) => Array.from(list).filter(Number.isFinite));
  if (finite.length === 0) throw nothingToDraw();

  const width = 640;
  const height = 320;
  const series = lists.flatMap(([name, list], look): Series[] => {
    const raw = thinLine(list, first);
    if (smooth === 1) return [{ name, look, ...raw }];
    const mean: Series = { name, look, ...thinLine(movingMean(list, smooth), first), strokeWidth: 2.5 };
    return [{ name: `${name}, each ${xLabel}`, look, ...raw, silent: true, strokeWidth: 1, opacity: 0.4 }, mean];
  });
  const most = finite.reduce((a, b) => Math.max(a, b));
  const shapes = drawChart({
    width,
    height,
    heading: title,
    xLabel,
    yLabel,
    x: [first, first + longest - 1],
    y: [
      Math.min(
        0,
        finite.reduce((a, b) => Math.min(a, b)),
      ),
      most,
    ],
    series,
    wholeX: true,
  });
  const description = lists
    .map(([name, list]) => `${name} from ${end(list, 0)} to ${end(list, list.length - 1)} over ${list.length} values.`)
    .join(' ');
  const ground = { kind: 'rect', x: 0, y: 0, width, height, fill: 'ground' } as const;
  return makePicture({ width, height, title, description, shapes: [ground, ...shapes] }, theme);
}

function isList(values: object): values is ArrayLike<number> {
  return Array.isArray(values) || ArrayBuffer.isView(values);
}

function end(list: ArrayLike<number>, place: number): string {
  return (list[place] ?? Number.NaN).toPrecision(3);
}

function nothingToDraw(): SimileError {
  return new SimileError({
    where: 'draw-curve',
    rule: 'at least one finite value is needed',
    got: 'none',
    remedy: 'Train a step first.',
    code: 'ERR_DATA',
  });
}
