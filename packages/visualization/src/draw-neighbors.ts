import { checkNames, checkRange, SimileError } from '@simile/core/errors';
import { nameOfLabel, type ClassNames, type Label } from './class-names.ts';
import { isImageLike, toPixels, type ImageLike } from './images/pixels.ts';
import { shrinkPixels } from './images/shrink-pixels.ts';
import { makePicture, type Picture, type PictureOptions } from './picture.ts';
import type { Role } from './scene/palette.ts';
import type { Shape } from './scene/scene.ts';
import { fitText, formatDistance, textWidth, wrapText } from './scene/text.ts';

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
  /** Default the labels themselves. */
  readonly classNames?: ClassNames;
  /** What the index made of the query, shown under it: a label, or unknown. Default not shown. */
  readonly match?: DrawnMatch;
  /** Side of an image in CSS pixels, 24 to 1,024. Default 112. */
  readonly imageSize?: number;
}

const GAP = 12;
const PAD = 8;

/**
 * The neighbour strip: a query, then its neighbours from the closest on, each with label and distance.
 *
 * A neighbour of the query's class has a solid blue border and a tick, one of another class a dashed vermilion border and
 * a cross; without labels to compare, a grey border and a question mark. So the two differ in form as well as in colour.
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
  const wide = imageSize + 2 * PAD;
  const high = imageSize + 62;
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

type Verdict = 'query' | 'right' | 'wrong' | 'unknown';

interface Card {
  readonly content: unknown;
  readonly label: string;
  readonly verdict: Verdict;
  readonly head: string;
  readonly foot: string;
  /** Mark beside the foot. */
  readonly mark: Verdict | undefined;
  readonly spoken: string;
}

function queryCard(
  content: unknown,
  label: Label,
  match: DrawnMatch | undefined,
  classNames: ClassNames | undefined,
): Card {
  const name = nameOfLabel(label, classNames);
  const card = { content, label: name, verdict: 'query', head: 'Query' } as const;
  if (!match) return { ...card, foot: '', mark: undefined, spoken: `Query ${name}` };
  const mark = match.label === null ? 'unknown' : compare(match.label, label);
  const found = match.label === null ? 'unknown' : nameOfLabel(match.label, classNames);
  const judged = mark === 'unknown' ? '' : `, ${mark}`;
  return { ...card, foot: `match: ${found}`, mark, spoken: `Query ${name}, matched: ${found}${judged}` };
}

function neighborCard(neighbor: DrawnNeighbor, place: number, label: Label, classNames: ClassNames | undefined): Card {
  const { rank = place + 1, distance, data } = neighbor;
  const name = nameOfLabel(neighbor.label, classNames);
  const verdict = compare(neighbor.label, label);
  const far = formatDistance(distance);
  const judged = verdict === 'unknown' ? '' : `, ${verdict}`;
  const spoken = `${rank}: ${name}, distance ${far}${judged}`;
  return { content: data, label: name, verdict, head: String(rank), foot: far, mark: verdict, spoken };
}

function compare(label: Label, queryLabel: Label): Verdict {
  if (label === null || queryLabel === null) return 'unknown';
  return label === queryLabel ? 'right' : 'wrong';
}

function drawCard(card: Card, imageSize: number): Shape[] {
  const [wide, high] = [imageSize + 2 * PAD, imageSize + 62];
  const role: Role = card.verdict === 'query' ? 'ink' : card.verdict;
  const dash = { query: undefined, right: undefined, wrong: [7, 5], unknown: [1.5, 5] }[card.verdict];
  const edge: Shape = {
    kind: 'rect',
    x: 1.5,
    y: 1.5,
    width: wide - 3,
    height: high - 3,
    radius: 8,
    fill: 'card',
    stroke: role,
    strokeWidth: card.verdict === 'query' ? 1.5 : 3,
    ...(dash ? { dash } : {}),
  };
  const footX = card.mark ? PAD + 20 : PAD + 2;
  const footRole: Role = card.mark && card.mark !== 'query' ? card.mark : 'faint';
  const footRoom = wide - footX - PAD;
  const foot =
    [card.foot, card.foot.replace('match: ', '')].find((text) => textWidth(text, 12) <= footRoom) ?? card.foot;
  const room = wide - PAD - textRoom(card.head);
  return [
    edge,
    ...drawContent(card, imageSize),
    {
      kind: 'text',
      x: PAD + 2,
      y: imageSize + 30,
      text: fitText(card.label, 14, room - PAD - 4),
      size: 14,
      bold: true,
      fill: 'ink',
    },
    { kind: 'text', x: wide - PAD - 2, y: imageSize + 30, text: card.head, size: 11, anchor: 'end', fill: 'faint' },
    ...(foot
      ? [
          {
            kind: 'text' as const,
            x: footX,
            y: imageSize + 50,
            text: fitText(foot, 12, footRoom),
            size: 12,
            fill: footRole,
          },
        ]
      : []),
    ...(card.mark ? [drawMark(card.mark, PAD + 9, imageSize + 46)] : []),
  ];
}

function textRoom(head: string): number {
  return 8 + 6.5 * head.length;
}

function drawContent({ content, label }: Card, imageSize: number): Shape[] {
  if (isImageLike(content)) {
    const pixels = shrinkPixels(toPixels('draw-neighbors', content), 2 * imageSize);
    const scale = imageSize / Math.max(pixels.width, pixels.height);
    const [width, height] = [pixels.width * scale, pixels.height * scale];
    return [
      { kind: 'image', x: PAD + (imageSize - width) / 2, y: PAD + (imageSize - height) / 2, width, height, pixels },
    ];
  }
  if (typeof content === 'string' && content.trim()) {
    const lines = wrapText(content, 12, imageSize - 8, Math.floor((imageSize - 8) / 16));
    return lines.map((text, i): Shape => ({
      kind: 'text',
      x: PAD + 4,
      y: PAD + 16 + 16 * i,
      text,
      size: 12,
      fill: 'ink',
    }));
  }
  const size = Math.max(12, Math.min(imageSize / 4, (imageSize - 8) / textWidth(label, 1)));
  const text = fitText(label, size, imageSize - 8);
  return [
    {
      kind: 'text',
      x: PAD + imageSize / 2,
      y: PAD + imageSize / 2 + size / 3,
      text,
      size,
      anchor: 'middle',
      fill: 'faint',
    },
  ];
}

/** Tick, cross or question mark, drawn as lines: no font need have them. */
function drawMark(verdict: Verdict, x: number, y: number): Shape {
  const role: Role = verdict === 'query' ? 'ink' : verdict;
  const commands = {
    query: '',
    right: `M${x - 5} ${y}l4 4l7 -8`,
    wrong: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`,
    unknown: `M${x - 3} ${y - 2.5}a3 3 0 1 1 3.6 3q-.6 .4 -.6 1.6m0 3v.1`,
  }[verdict];
  return { kind: 'path', commands, stroke: role, strokeWidth: 2.4 };
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
