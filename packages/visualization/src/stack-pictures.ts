import { checkNames, SimileError } from '@simile/core/errors';
import { makePicture, type Picture, type PictureOptions } from './picture.ts';
import type { Shape } from './scene/scene.ts';
import { fitText } from './scene/text.ts';

/**
 * Pictures under each other as one: many neighbour strips in one file.
 *
 * @throws `ERR_DATA` without a picture, `ERR_OPTION`
 * @example
 * const strip = drawNeighbors(null, 'cat', [{ label: 'cat', distance: 0.1 }]);
 * const both = stackPictures([strip, strip], { title: 'Two queries' });
 * both.height - 2 * strip.height; // 40, for the title
 */
export function stackPictures(pictures: readonly Picture[], options: PictureOptions = {}): Picture {
  const { title, theme = pictures[0]?.theme ?? 'auto' } = options;
  checkNames('stack-pictures', options, ['title', 'theme']);
  if (pictures.length === 0) {
    throw new SimileError({
      where: 'stack-pictures',
      rule: 'at least one picture is needed',
      got: 'none',
      remedy: 'Draw something first.',
      code: 'ERR_DATA',
    });
  }
  const width = Math.max(...pictures.map((picture) => picture.width));
  let height = title ? 40 : 0;
  const shapes: Shape[] = [];
  if (title)
    shapes.push({
      kind: 'text',
      x: 12,
      y: 27,
      text: fitText(title, 17, width - 24),
      size: 17,
      bold: true,
      fill: 'ink',
    });
  for (const { scene } of pictures) {
    shapes.push({ kind: 'group', x: 0, y: height, shapes: scene.shapes });
    height += scene.height;
  }
  const ground: Shape = { kind: 'rect', x: 0, y: 0, width, height, fill: 'ground' };
  const name = title ?? pictures[0]!.title;
  const description = pictures.map((picture) => picture.description).join(' ');
  return makePicture({ width, height, title: name, description, shapes: [ground, ...shapes] }, theme);
}
