import { checkNames, checkRange, SimileError } from '@simile/core/errors';
import type { ClassNames, Label } from './class-names.ts';
import { isImageLike, type ImageLike } from './images/pixels.ts';
import { neighborCard, queryCard } from './neighbors/card.ts';
import { cardSize, drawCard } from './neighbors/draw-card.ts';
import { makePicture, type Picture, type PictureOptions } from './picture.ts';
import type { Shape } from './scene/scene.ts';
import { fitText } from './scene/text.ts';

/** A neighbour as an index returns it. */
export interface DrawnNeighbor {
  /** From 1, the closest. Default its place in the list. */
  readonly rank?: number;
  readonly label: Label;
  /** Smaller is closer. */
  readonly distance: number;
  /** An image, or a text; without either, the card shows the label alone. */
  readonly data?: unknown;
}

/** What a query was recognised as; a match of an index will do. */
export interface DrawnMatch {
  /** Null for unknown. */
  readonly label: Label;
}

/** Label of the query: itself, or a list or tensor with the one label. Null or left out for a query without a label. */
export type QueryLabel = Label | undefined | ArrayLike<number | string> | { dataSync(): ArrayLike<number> };

/** Options of {@link drawNeighbors}. */
export interface DrawNeighborsOptions extends PictureOptions {
  /** Names of the classes. Default the labels themselves. */
  readonly classNames?: ClassNames;
  /** What the index made of the query, shown under it: a label, or unknown. Default not shown. */
  readonly match?: DrawnMatch;
  /** Side of an image in CSS pixels, 24 to 1,024. Default 112. */
  readonly imageSize?: number;
}

const GAP = 12;

/**
 * The neighbour strip: a query, then its neighbours from the closest on, each with label and distance.
 *
 * A neighbour of the query's class has a solid blue border and a tick, one of another class a dashed vermilion border and
 * a cross, one without a label a dotted grey border and a question mark. So they differ in form as well as in colour. Where
 * the query has no label there is nothing to compare, and no mark.
 *
 * Images are `{ shape, data }` or a tensor: `[height, width]` or `[height, width, channels]`, channels 1 (grey), 2 (grey
 * and alpha), 3 (RGB) or 4 (RGBA), a leading 1 allowed. Bytes and int32 run from 0 to 255. Floats run from 0 to 1 when none
 * is above 1 (from −1 when some are below 0), else from 0 to 255. Texts are shown as texts; other data as the label alone.
 *
 * @param query Image or text that was looked up; null to show its label alone
 * @param queryLabel Its class, where it is known
 * @param neighbors Neighbours, closest first
 * @throws `ERR_OPTION` for an unknown option or a size out of range; `ERR_DATA` for a distance that is not finite; `ERR_SHAPE` for a query that is no image, or more than one label
 * @example
 * const image = { shape: [2, 2], data: new Uint8Array([0, 255, 255, 0]) };
 * const picture = drawNeighbors(image, 7, [{ label: 7, distance: 0.02, data: image }, { label: 1, distance: 0.31 }]);
 * picture.description; // 'Query 7. 1: 7, distance 0.0200, right. 2: 1, distance 0.310, wrong.'
 */
export function drawNeighbors(
  query: ImageLike | string | null,
  queryLabel: QueryLabel,
  neighbors: readonly DrawnNeighbor[],
  options: DrawNeighborsOptions = {},
): Picture {
  const { classNames, match, imageSize = 112, title, theme = 'auto' } = options;
  checkNames('draw-neighbors', options, ['classNames', 'match', 'imageSize', 'title', 'theme']);
  checkRange('draw-neighbors', { imageSize }, 24, 1024);
  for (const { distance } of neighbors) checkDistance(distance);
  if (query !== null && typeof query !== 'string' && !isImageLike(query)) throw noImage(query);
  const label = oneLabel(queryLabel);
  const cards = [
    queryCard(query, label, match, classNames),
    ...neighbors.map((neighbor, place) => neighborCard(neighbor, place, label, classNames)),
  ];
  const { wide, high } = cardSize(imageSize);
  const top = title ? 34 : GAP;
  const shapes = cards.map((card, i): Shape => {
    return {
      kind: 'group',
      x: GAP + i * (wide + GAP) + (i > 0 ? GAP : 0),
      y: top,
      title: card.spoken,
      shapes: drawCard(card, imageSize),
    };
  });
  const width = Math.max(cards.length * (wide + GAP) + GAP + (cards.length > 1 ? GAP : 0), 200);
  const height = top + high + GAP;
  const heading: Shape[] = title
    ? [{ kind: 'text', x: GAP, y: 23, text: fitText(title, 15, width - 2 * GAP), size: 15, bold: true, fill: 'ink' }]
    : [];
  const ground: Shape = { kind: 'rect', x: 0, y: 0, width, height, fill: 'ground' };
  const description = cards.map(({ spoken }) => `${spoken}.`).join(' ');
  const name = title ?? 'A query and its nearest neighbours';
  return makePicture({ width, height, title: name, description, shapes: [ground, ...heading, ...shapes] }, theme);
}

function oneLabel(label: QueryLabel): Label {
  if (label === null || label === undefined || typeof label === 'number' || typeof label === 'string')
    return label ?? null;
  const labels = 'dataSync' in label ? label.dataSync() : label;
  if (labels.length === 1) return labels[0]!;
  throw new SimileError({
    where: 'draw-neighbors',
    rule: 'queryLabel must be one label',
    got: labels,
    remedy: 'Draw one query at a time.',
    code: 'ERR_SHAPE',
  });
}

function checkDistance(distance: unknown): void {
  if (typeof distance === 'number' && Number.isFinite(distance)) return;
  throw new SimileError({
    where: 'draw-neighbors',
    rule: 'every neighbour must have a distance, a finite number',
    got: distance,
    remedy: 'Draw what a search returned; leave places out that it did not fill.',
    code: 'ERR_DATA',
  });
}

function noImage(query: unknown): SimileError {
  const shape = (query as { shape?: unknown }).shape;
  return new SimileError({
    where: 'draw-neighbors',
    rule: 'query must be one image ([height, width] or [height, width, 1 to 4 channels]), a text, or null',
    got: Array.isArray(shape) ? `shape [${shape.join(', ')}]` : query,
    remedy: 'Draw one query at a time, and pass null where there is nothing to show.',
    code: 'ERR_SHAPE',
  });
}
