import { isImageLike, toPixels } from '../images/pixels.ts';
import { shrinkPixels } from '../images/shrink-pixels.ts';
import type { Role } from '../scene/palette.ts';
import type { Shape } from '../scene/scene.ts';
import { fitText, textWidth, wrapText } from '../scene/text.ts';
import type { Card, Mark } from './card.ts';

const PAD = 8;
const DASHES: Readonly<Record<Mark, readonly number[] | undefined>> = {
  right: undefined,
  wrong: [7, 5],
  unknown: [1.5, 5],
};

/** Width and height of a card around an image of a size. */
export function cardSize(imageSize: number): { wide: number; high: number } {
  return { wide: imageSize + 2 * PAD, high: imageSize + 62 };
}

/** A card from its own top left corner. */
export function drawCard(card: Card, imageSize: number): Shape[] {
  const { wide, high } = cardSize(imageSize);
  // Right, wrong and unknown differ in dashes and marks as well as in colour; what is not compared has a thin edge.
  const compared = card.isQuery ? undefined : card.mark;
  const dash = compared && DASHES[compared];
  const edge: Shape = {
    kind: 'rect',
    x: 1.5,
    y: 1.5,
    width: wide - 3,
    height: high - 3,
    radius: 8,
    fill: 'card',
    stroke: compared ?? (card.isQuery ? 'ink' : 'grid'),
    strokeWidth: compared ? 3 : 1.5,
    ...(dash ? { dash } : {}),
  };
  const footX = card.mark ? PAD + 20 : PAD + 2;
  const footRole: Role = card.mark ?? 'faint';
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
function drawMark(mark: Mark, x: number, y: number): Shape {
  const commands = {
    right: `M${x - 5} ${y}l4 4l7 -8`,
    wrong: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`,
    unknown: `M${x - 3} ${y - 2.5}a3 3 0 1 1 3.6 3q-.6 .4 -.6 1.6m0 3v.1`,
  }[mark];
  return { kind: 'path', commands, stroke: mark, strokeWidth: 2.4 };
}
