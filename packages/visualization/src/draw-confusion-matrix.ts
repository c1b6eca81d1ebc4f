import { checkNames, SimileError } from '@simile/core/errors';
import { nameOfLabel, type ClassNames } from './class-names.ts';
import { makePicture, type Picture, type PictureOptions } from './picture.ts';
import type { Role } from './scene/palette.ts';
import type { Shape } from './scene/scene.ts';
import { fitText, textWidth } from './scene/text.ts';

/** Counts of true against predicted class; `confusionMatrix` of `@simile/metrics` makes one. */
export interface DrawnConfusionMatrix {
  /** Classes of the rows, and of the columns. */
  readonly classes: readonly (number | string)[];
  /** `counts[i][j]`: of class `i`, taken for class `j`. A column more than classes counts those taken for none. */
  readonly counts: readonly (readonly number[])[];
}

/** Options of {@link drawConfusionMatrix}. */
export interface DrawConfusionMatrixOptions extends PictureOptions {
  /** Names of the classes. Default the classes themselves. */
  readonly classNames?: ClassNames;
  /** Colour cells by their share of the row, not of the greatest count. Default true. */
  readonly normalize?: boolean;
}

const TOP = 78;
/** Opacity of a cell's colour that leaves its count easy to read, on light and on dark. */
const STRONGEST_CELL = 0.5;

/**
 * A confusion matrix: rows are true classes, columns what they were taken for, the last column unknown where the counts
 * have it. Each cell holds its count. Right cells are blue with a border, wrong ones vermilion, unknown ones grey.
 *
 * @throws `ERR_SHAPE` when the counts are not one row a class, each with a column a class and at most one more;
 *   `ERR_DATA` for a count below 0; `ERR_OPTION`
 * @example
 * const picture = drawConfusionMatrix({ classes: ['cat', 'dog'], counts: [[8, 1, 1], [0, 10, 0]] });
 * picture.description; // '18 of 20 right (90.0 %), 1 wrong, 1 unknown.'
 */
export function drawConfusionMatrix(matrix: DrawnConfusionMatrix, options: DrawConfusionMatrixOptions = {}): Picture {
  const { classNames, normalize = true, title = 'Confusion matrix', theme = 'auto' } = options;
  checkNames('draw-confusion-matrix', options, ['classNames', 'normalize', 'title', 'theme']);
  const { classes, counts } = matrix;
  const unknown = check(matrix);
  const names = classes.map((label) => nameOfLabel(label, classNames));
  const longest = Math.max(...names.map((name) => textWidth(name, 12)), textWidth(unknown ? 'unknown' : '', 12));
  const side = Math.max(40, Math.min(96, longest + 10));
  const left = 44 + Math.min(120, Math.max(...names.map((name) => textWidth(name, 12))));
  const columns = unknown ? [...names, 'unknown'] : names;
  const most = Math.max(...counts.flat());

  const cells = counts.flatMap((row, i) => {
    const total = normalize ? row.reduce((a, b) => a + b, 0) : most;
    return row.map((count, j): Shape => {
      const role: Role = j === i ? 'right' : j === classes.length ? 'unknown' : 'wrong';
      const spoken = `${names[i]} taken for ${columns[j]}: ${count}`;
      const shapes = drawCell(count, total === 0 ? 0 : count / total, side, role);
      return { kind: 'group', x: left + j * side, y: TOP + i * side, title: spoken, shapes };
    });
  });
  const width = Math.max(left + columns.length * side + 16, 220);
  const height = TOP + classes.length * side + 40;
  const shapes: Shape[] = [
    { kind: 'rect', x: 0, y: 0, width, height, fill: 'ground' },
    { kind: 'text', x: 16, y: 24, text: fitText(title, 14, width - 32), size: 14, bold: true, fill: 'ink' },
    {
      kind: 'text',
      x: left + (columns.length * side) / 2,
      y: 46,
      text: 'taken for',
      size: 12,
      anchor: 'middle',
      fill: 'faint',
    },
    {
      kind: 'text',
      x: 18,
      y: TOP + (classes.length * side) / 2,
      text: 'true class',
      size: 12,
      anchor: 'middle',
      upward: true,
      fill: 'faint',
    },
    ...columns.map((name, j): Shape => {
      return {
        kind: 'text',
        x: left + (j + 0.5) * side,
        y: TOP - 10,
        text: fitText(name, 12, side - 4),
        size: 12,
        anchor: 'middle',
        fill: 'ink',
      };
    }),
    ...names.map((name, i): Shape => {
      return {
        kind: 'text',
        x: left - 8,
        y: TOP + (i + 0.5) * side + 4,
        text: fitText(name, 12, left - 40),
        size: 12,
        anchor: 'end',
        fill: 'ink',
      };
    }),
    ...cells,
    { kind: 'text', x: 16, y: height - 14, text: summary(counts), size: 12, fill: 'faint' },
  ];
  return makePicture({ width, height, title, description: summary(counts), shapes }, theme);
}

function drawCell(count: number, share: number, side: number, role: Role): Shape[] {
  const inside = { x: 1, y: 1, width: side - 2, height: side - 2, radius: 4 };
  // Small shares must still be seen: the eye reads area of colour, and one in a hundred is worth a look.
  const opacity = count === 0 ? 0 : 0.08 + (STRONGEST_CELL - 0.08) * Math.sqrt(share);
  const text = count === 0 ? '·' : String(count);
  const fill: Role = count === 0 ? 'faint' : 'ink';
  return [
    {
      kind: 'rect',
      ...inside,
      fill: 'card',
      ...(role === 'right' ? { stroke: 'right' as const, strokeWidth: 1.5 } : {}),
    },
    { kind: 'rect', ...inside, fill: role, opacity },
    { kind: 'text', x: side / 2, y: side / 2 + 4, text: fitText(text, 12, side), size: 12, anchor: 'middle', fill },
  ];
}

/** Whether there is a column for unknown. */
function check({ classes, counts }: DrawnConfusionMatrix): boolean {
  const columns = counts[0]?.length;
  const even = counts.length === classes.length && counts.every((row) => row.length === columns);
  if (!even || !(columns === classes.length || columns === classes.length + 1)) {
    throw new SimileError({
      where: 'draw-confusion-matrix',
      rule: 'counts must be one row a class, with a column a class and at most one more, for unknown',
      got: `${classes.length} classes and rows of ${counts.map((row) => row.length).join(', ') || 'nothing'}`,
      remedy: 'Make it with confusionMatrix of @simile/metrics.',
      code: 'ERR_SHAPE',
    });
  }
  const odd = counts.flat().find((count) => !(Number.isFinite(count) && count >= 0));
  if (odd === undefined) return columns > classes.length;
  throw new SimileError({
    where: 'draw-confusion-matrix',
    rule: 'counts must be finite, 0 or more',
    got: odd,
    remedy: 'Count queries; shares are worked out here.',
    code: 'ERR_DATA',
  });
}

function summary(counts: readonly (readonly number[])[]): string {
  const all = counts.flat().reduce((a, b) => a + b, 0);
  const right = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const unknown = counts.reduce((sum, row) => sum + (row[counts.length] ?? 0), 0);
  const share = all === 0 ? '' : ` (${((100 * right) / all).toFixed(1)} %)`;
  const column = counts[0]!.length > counts.length ? `, ${unknown} unknown` : '';
  return `${right} of ${all} right${share}, ${all - right - unknown} wrong${column}.`;
}
