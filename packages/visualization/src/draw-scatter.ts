import { checkNames, checkPositive, SimileError } from '@simile/core/errors';
import { checkItems, type Items } from '@simile/core/items';
import type { ClassNames, Label } from './class-names.ts';
import { makePicture, type Picture, type PictureOptions } from './picture.ts';
import { checkFiniteItems } from './scatter/check-finite-items.ts';
import { drawDots, type Place } from './scatter/dots.ts';
import { groupLabels } from './scatter/group-labels.ts';
import { drawLegend } from './scatter/legend.ts';
import type { Shape } from './scene/scene.ts';
import { fitText, textWidth } from './scene/text.ts';

/** Options of {@link drawScatter}. */
export interface DrawScatterOptions extends PictureOptions {
  /** Class of each point; null for none. Default none. */
  readonly labels?: ArrayLike<Label>;
  /** Names of the classes. Default the labels themselves. */
  readonly classNames?: ClassNames;
  /** Pixels across a mark, above 0. Default 6 for few points, 2.5 for thousands. */
  readonly pointSize?: number;
}

const WIDTH = 560;
const MARGIN = 16;
const HEADING = 24;
/** Height of a map against its width, at least and at most. */
const [FLATTEST, TALLEST] = [0.4, 1.1];

/**
 * Points in the plane, a colour and mark a class, the name of each class at its middle: a map of embeddings, as
 * `principalComponents` or another projection makes it. A unit is as long across as it is up. Directions of a projection have no names, so there are
 * no axes.
 *
 * @throws `ERR_SHAPE` for points that are not `[n, 2]` with n from 1, or labels that are not one a point; `ERR_DATA` for a point that is not
 *   finite; `ERR_OPTION`
 * @example
 * const points = { data: Float32Array.of(0, 0, 1, 1, 5, 5), shape: [3, 2] };
 * drawScatter(points, { labels: ['near', 'near', 'far'] }).description; // '3 points: near 2, far 1.'
 */
export function drawScatter(points: Items, options: DrawScatterOptions = {}): Picture {
  const [n = 0] = points.shape;
  const { labels, classNames, title = 'Map', theme = 'auto', pointSize = n > 2000 ? 2.5 : n > 300 ? 4 : 6 } = options;
  checkNames('draw-scatter', options, ['labels', 'classNames', 'pointSize', 'title', 'theme']);
  checkPositive('draw-scatter', { pointSize });
  checkPoints(points, labels);

  const classes = labels ? groupLabels(labels, classNames) : [];
  const legend = drawLegend(classes, { x: MARGIN, y: HEADING + 24, width: WIDTH - 2 * MARGIN });
  const top = HEADING + legend.height + MARGIN;
  const { places, height } = layOut(points.data, top);
  const opacity = n > 2000 ? 0.5 : 0.8;
  const draw = (rows: readonly number[], look: number | undefined, name: string): Shape => {
    const dots = drawDots(
      rows.map((row) => places[row]!),
      look,
      pointSize,
      opacity,
    );
    return { kind: 'group', x: 0, y: 0, title: `${name}: ${rows.length}`, shapes: [dots] };
  };
  const shapes: Shape[] = [
    { kind: 'rect', x: 0, y: 0, width: WIDTH, height, fill: 'ground' },
    {
      kind: 'text',
      x: MARGIN,
      y: HEADING,
      text: fitText(title, 14, WIDTH - 2 * MARGIN),
      size: 14,
      bold: true,
      fill: 'ink',
    },
    ...legend.shapes,
    ...(labels
      ? classes.map(({ rows, look, name }) => draw(rows, look, name))
      : [draw([...places.keys()], 0, 'points')]),
    ...classes.flatMap(({ rows, look, name }) =>
      look === undefined
        ? []
        : drawName(
            name,
            rows.map((row) => places[row]!),
          ),
    ),
  ];
  const counts = classes.map(({ name, rows }) => `${name} ${rows.length}`).join(', ');
  const description = `${n} points${labels ? `: ${counts}` : ''}.`;
  return makePicture({ width: WIDTH, height, title, description, shapes }, theme);
}

/** Points as pixels: the whole width, or the most height that is allowed, one scale for both directions. */
function layOut(data: ArrayLike<number>, top: number): { places: Place[]; height: number } {
  const inner = WIDTH - 2 * MARGIN;
  const [[left, right], [low, high]] = [spread(data, 0), spread(data, 1)];
  const scale = Math.min(inner / (right - left || 1), (inner * TALLEST) / (high - low || 1));
  const across = (inner - scale * (right - left)) / 2;
  const tall = Math.max(FLATTEST * inner, scale * (high - low));
  const up = (tall - scale * (high - low)) / 2;
  const places = Array.from({ length: data.length / 2 }, (_, row): Place => {
    return [MARGIN + across + scale * (data[2 * row]! - left), top + up + scale * (high - data[2 * row + 1]!)];
  });
  return { places, height: Math.ceil(top + tall + MARGIN) };
}

function spread(data: ArrayLike<number>, axis: number): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (let i = axis; i < data.length; i += 2) [least, most] = [Math.min(least, data[i]!), Math.max(most, data[i]!)];
  return [least, most];
}

/** A name on a card, at the median of its points: few far away do not pull it. */
function drawName(name: string, places: readonly Place[]): Shape[] {
  const text = fitText(name, 12, 120);
  const width = textWidth(text, 12) + 8;
  const middle = (axis: 0 | 1): number => places.map((place) => place[axis]).sort((a, b) => a - b)[places.length >> 1]!;
  const [x, y] = [Math.min(WIDTH - width / 2, Math.max(width / 2, middle(0))), middle(1)];
  return [
    { kind: 'rect', x: x - width / 2, y: y - 9, width, height: 18, radius: 4, fill: 'ground', opacity: 0.8 },
    { kind: 'text', x, y: y + 4, text, size: 12, bold: true, anchor: 'middle', fill: 'ink' },
  ];
}

function checkPoints(points: Items, labels: ArrayLike<Label> | undefined): void {
  checkItems('draw-scatter', points);
  const [n = 0, ...rest] = points.shape;
  if (n === 0 || rest.length !== 1 || rest[0] !== 2) {
    throw new SimileError({
      where: 'draw-scatter',
      rule: 'points must have shape [n, 2], n from 1',
      got: points.shape,
      remedy: 'Project embeddings by principalComponents first.',
      code: 'ERR_SHAPE',
    });
  }
  if (labels && labels.length !== n) {
    throw new SimileError({
      where: 'draw-scatter',
      rule: `labels must be one a point, ${n}`,
      got: labels.length,
      remedy: 'Give null for a point without a label.',
      code: 'ERR_SHAPE',
    });
  }
  checkFiniteItems('draw-scatter', points);
}
