import type { ShownPicture } from '../output.ts';

/** A picture of `@simile/visualization`, or of anything else that has the text of an SVG document. */
export function pictureOf(value: unknown): ShownPicture | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { svg, title, description, width, height } = value as Partial<Record<string, unknown>>;
  if (typeof svg !== 'string' || !svg.trimStart().startsWith('<svg') || typeof title !== 'string') return undefined;
  return {
    kind: 'picture',
    text: pictureText(value as object),
    svg,
    title,
    description: typeof description === 'string' ? description : title,
    width: typeof width === 'number' ? width : 640,
    height: typeof height === 'number' ? height : 400,
  };
}

/** Pictures say what they are where they can, as they do in Node. */
function pictureText(picture: object): string {
  const say = (picture as Record<symbol, unknown>)[Symbol.for('nodejs.util.inspect.custom')];
  return typeof say === 'function' ? String(say.call(picture)) : (picture as { title: string }).title;
}
