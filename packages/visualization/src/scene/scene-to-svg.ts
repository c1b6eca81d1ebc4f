import { pixelsToDataUri } from '../images/pixels-to-data-uri.ts';
import { dark, light, type Palette, type Role } from './palette.ts';
import type { ImageShape, Paint, PathShape, RectShape, Scene, Shape, TextShape } from './scene.ts';
import { escapeMarkup, short } from './text.ts';

/** Colours of a picture: those of the reader's system, or one set for good. */
export type Theme = 'auto' | 'light' | 'dark';

/** A scene as one SVG document. It names no font, address or file outside itself. */
export function sceneToSvg(scene: Scene, theme: Theme): string {
  const palette = theme === 'dark' ? dark : light;
  const used = new Set<string>();
  const writer: Writer = { palette, classes: theme === 'auto' ? used : undefined };
  const body = scene.shapes.map((shape) => write(shape, writer)).join('');
  const { width, height, title, description } = scene;
  const size = `width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}"`;
  const name = `role="img" aria-label="${escapeMarkup(`${title}. ${description}`)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${name} font-family="Inter, system-ui, sans-serif">`,
    `<title>${escapeMarkup(title)}</title><desc>${escapeMarkup(description)}</desc>`,
    used.size > 0 ? `<style>${darkRules([...used])}</style>` : '',
    body,
    '</svg>',
  ].join('');
}

interface Writer {
  readonly palette: Palette;
  /** Collects the classes that the dark rules need; undefined when the colours are set for good. */
  readonly classes: Set<string> | undefined;
}

/** Light colours are attributes, so that a page which refuses styles, or paper, still has them. */
function darkRules(classes: readonly string[]): string {
  const rules = classes.toSorted().map((name) => {
    const [, property, ...role] = name.split('-');
    return `.${name}{${property}:${dark[role.join('-') as Role]}}`;
  });
  return `@media screen and (prefers-color-scheme:dark){${rules.join('')}}`;
}

function write(shape: Shape, writer: Writer): string {
  if (shape.kind === 'rect') return writeRect(shape, writer);
  if (shape.kind === 'path') return writePath(shape, writer);
  if (shape.kind === 'text') return writeText(shape, writer);
  if (shape.kind === 'image') return writeImage(shape);
  const title = shape.title ? `<title>${escapeMarkup(shape.title)}</title>` : '';
  const inside = shape.shapes.map((inner) => write(inner, writer)).join('');
  return `<g transform="translate(${short(shape.x)} ${short(shape.y)})">${title}${inside}</g>`;
}

function writeRect(shape: RectShape, writer: Writer): string {
  const { x, y, width, height, radius } = shape;
  const corner = radius ? ` rx="${short(radius)}"` : '';
  const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
  return `<rect ${place}${corner}${paint(shape, writer)}/>`;
}

function writePath(shape: PathShape, writer: Writer): string {
  return `<path d="${shape.commands}" stroke-linecap="round" stroke-linejoin="round"${paint(shape, writer)}/>`;
}

function writeText({ x, y, text, fill, size, bold, anchor, upward }: TextShape, writer: Writer): string {
  const weight = bold ? ' font-weight="700"' : '';
  const align = anchor && anchor !== 'start' ? ` text-anchor="${anchor}"` : '';
  const turn = upward ? ` transform="rotate(-90 ${short(x)} ${short(y)})"` : '';
  const look = `font-size="${short(size)}"${weight}${align}${turn}${colour('fill', fill, writer)}${classes([['fill', fill]], writer)}`;
  return `<text x="${short(x)}" y="${short(y)}" ${look}>${escapeMarkup(text)}</text>`;
}

function writeImage({ x, y, width, height, pixels }: ImageShape): string {
  // Few pixels drawn large are shown as they are, not smeared.
  const crisp = pixels.width < width ? ' image-rendering="pixelated"' : '';
  const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
  return `<image ${place} preserveAspectRatio="none"${crisp} href="${pixelsToDataUri(pixels)}"/>`;
}

function paint({ fill, stroke, strokeWidth, dash, opacity }: Paint, writer: Writer): string {
  const line = stroke ? `${colour('stroke', stroke, writer)} stroke-width="${short(strokeWidth ?? 1)}"` : '';
  const dashes = dash ? ` stroke-dasharray="${dash.map(short).join(' ')}"` : '';
  const clear = opacity === undefined ? '' : ` opacity="${short(opacity)}"`;
  const pairs: [string, Role][] = [];
  if (fill) pairs.push(['fill', fill]);
  if (stroke) pairs.push(['stroke', stroke]);
  return `${fill ? colour('fill', fill, writer) : ' fill="none"'}${line}${dashes}${clear}${classes(pairs, writer)}`;
}

function colour(property: 'fill' | 'stroke', role: Role, { palette }: Writer): string {
  return ` ${property}="${palette[role]}"`;
}

function classes(pairs: readonly (readonly [string, Role])[], writer: Writer): string {
  if (!writer.classes || pairs.length === 0) return '';
  const names = pairs.map(([property, role]) => `simile-${property}-${role}`);
  for (const name of names) writer.classes.add(name);
  return ` class="${names.join(' ')}"`;
}
