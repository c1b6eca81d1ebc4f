import { SimileError } from '@simile/core/errors';
import { nodeModule } from '@simile/core/platform';
import { pixelsToRgba } from '../images/pixels-to-rgba.ts';
import { dark, light, type Palette } from './palette.ts';
import type { ImageShape, Paint, RectShape, Scene, Shape, TextShape } from './scene.ts';

/** What drawing needs of a canvas, of a browser's or of `@napi-rs/canvas`. */
interface Studio {
  canvas(width: number, height: number): Canvas;
  path(commands: string): Path2D;
  readonly font: string;
}

interface Canvas {
  getContext(kind: '2d'): CanvasRenderingContext2D | null;
  convertToBlob?(options: { type: string }): Promise<Blob>;
  encode?(format: 'png'): Promise<Uint8Array>;
}

interface CanvasPackage {
  createCanvas(width: number, height: number): Canvas;
  readonly Path2D: typeof Path2D;
  readonly GlobalFonts: {
    readonly families: readonly unknown[];
    register(font: Uint8Array, name: string): unknown;
  };
}

/**
 * A scene as the bytes of a PNG file. In a page or worker by `OffscreenCanvas`; in Node by the optional packages
 * `@napi-rs/canvas`, and `@fontsource/inter` so that a machine without fonts writes letters too.
 *
 * @throws `ERR_STATE` where there is nothing to draw with
 */
export async function sceneToPng(scene: Scene, scale: number, theme: 'light' | 'dark'): Promise<Uint8Array> {
  const studio = openStudio();
  const canvas = studio.canvas(Math.ceil(scene.width * scale), Math.ceil(scene.height * scale));
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  const painter = { context, studio, palette: theme === 'dark' ? dark : light };
  for (const shape of scene.shapes) draw(shape, painter);
  if (canvas.encode) return new Uint8Array(await canvas.encode('png'));
  const blob = await canvas.convertToBlob!({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}

function openStudio(): Studio {
  if (typeof OffscreenCanvas !== 'undefined') {
    return {
      canvas: (width, height) => new OffscreenCanvas(width, height) as unknown as Canvas,
      path: (commands) => new Path2D(commands),
      font: 'system-ui, sans-serif',
    };
  }
  const modules = nodeModule<typeof import('node:module')>('node:module');
  if (!modules) throw nothingToDrawWith('here is neither OffscreenCanvas nor Node');
  const require = modules.createRequire(import.meta.url);
  let canvasPackage: CanvasPackage;
  try {
    canvasPackage = require('@napi-rs/canvas') as CanvasPackage;
  } catch (cause) {
    throw nothingToDrawWith('@napi-rs/canvas could not be loaded', cause);
  }
  return {
    canvas: canvasPackage.createCanvas,
    path: (commands) => new canvasPackage.Path2D(commands),
    font: registerFont(canvasPackage.GlobalFonts, require.resolve),
  };
}

/** Inter when it is installed, so that pictures are the same everywhere; else what the machine has. */
function registerFont(fonts: CanvasPackage['GlobalFonts'], resolve: (name: string) => string): string {
  const files = nodeModule<typeof import('node:fs')>('node:fs')!;
  try {
    for (const weight of [400, 700]) {
      const file = resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`);
      fonts.register(files.readFileSync(file), 'Simile Inter');
    }
    return '"Simile Inter", system-ui, sans-serif';
  } catch (cause) {
    if (fonts.families.length > 0) return 'system-ui, sans-serif';
    throw nothingToDrawWith('this machine has no fonts, and @fontsource/inter could not be loaded', cause);
  }
}

function nothingToDrawWith(got: string, cause?: unknown): SimileError {
  return new SimileError({
    where: 'to-png',
    rule: `a PNG needs something to draw with; ${got}`,
    remedy: 'Install it in Node by npm i @napi-rs/canvas @fontsource/inter, or save as .svg, which needs nothing.',
    code: 'ERR_STATE',
    ...(cause === undefined ? {} : { cause }),
  });
}

interface Painter {
  readonly context: CanvasRenderingContext2D;
  readonly studio: Studio;
  readonly palette: Palette;
}

function draw(shape: Shape, painter: Painter): void {
  const { context, studio } = painter;
  if (shape.kind === 'group') {
    context.save();
    context.translate(shape.x, shape.y);
    for (const inner of shape.shapes) draw(inner, painter);
    context.restore();
  } else if (shape.kind === 'text') drawText(shape, painter);
  else if (shape.kind === 'image') drawImage(shape, painter);
  else fillAndStroke(shape, studio.path(shape.kind === 'rect' ? rectCommands(shape) : shape.commands), painter);
}

function rectCommands({ x, y, width, height, radius = 0 }: RectShape): string {
  const r = Math.min(radius, width / 2, height / 2);
  const corner = (toX: number, toY: number): string => (r ? `a${r} ${r} 0 0 1 ${toX} ${toY}` : '');
  const [across, down] = [width - 2 * r, height - 2 * r];
  return `M${x + r} ${y}h${across}${corner(r, r)}v${down}${corner(-r, r)}h${-across}${corner(-r, -r)}v${-down}${corner(r, -r)}z`;
}

function fillAndStroke(
  { fill, stroke, strokeWidth = 1, dash, opacity = 1 }: Paint,
  path: Path2D,
  painter: Painter,
): void {
  const { context, palette } = painter;
  context.globalAlpha = opacity;
  if (fill) {
    context.fillStyle = palette[fill];
    context.fill(path);
  }
  if (stroke) {
    context.strokeStyle = palette[stroke];
    context.lineWidth = strokeWidth;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.setLineDash([...(dash ?? [])]);
    context.stroke(path);
  }
  context.globalAlpha = 1;
}

function drawText(shape: TextShape, { context, studio, palette }: Painter): void {
  context.save();
  context.translate(shape.x, shape.y);
  if (shape.upward) context.rotate(-Math.PI / 2);
  context.font = `${shape.bold ? 'bold ' : ''}${shape.size}px ${studio.font}`;
  context.textAlign = shape.anchor === 'middle' ? 'center' : (shape.anchor ?? 'start');
  context.fillStyle = palette[shape.fill];
  context.fillText(shape.text, 0, 0);
  context.restore();
}

function drawImage({ x, y, width, height, pixels }: ImageShape, { context, studio }: Painter): void {
  const sheet = studio.canvas(pixels.width, pixels.height);
  const inner = sheet.getContext('2d')!;
  const bitmap = inner.createImageData(pixels.width, pixels.height);
  bitmap.data.set(pixelsToRgba(pixels));
  inner.putImageData(bitmap, 0, 0);
  context.imageSmoothingEnabled = pixels.width >= width;
  context.drawImage(sheet as unknown as CanvasImageSource, x, y, width, height);
}
