import { checkNames, checkOneOf, checkPositive, SimileError } from '@simile/core/errors';
import { nodeModule } from '@simile/core/platform';
import { writeBytes } from '@simile/core/storage';
import type { Scene } from './scene/scene.ts';
import { sceneToPng } from './scene/scene-to-png.ts';
import { sceneToSvg, type Theme } from './scene/scene-to-svg.ts';
import { escapeMarkup } from './scene/text.ts';

/** What every drawing takes besides its own options. */
export interface PictureOptions {
  /** One line above the picture. Default says what it is. */
  readonly title?: string;
  /** `auto` follows the reader's system; paper is light. Default `auto`. */
  readonly theme?: Theme;
}

/** Options of {@link Picture.toPng}. */
export interface PngOptions {
  /** Pixels of the file a CSS pixel, above 0. Default 2. */
  readonly scale?: number;
  /** Default `light`, or `dark` for a picture drawn so. */
  readonly theme?: 'light' | 'dark';
}

/** A finished drawing: text of an SVG document that needs nothing outside itself, and ways to show and keep it. */
export interface Picture {
  /** CSS pixels. */
  readonly width: number;
  /** CSS pixels. */
  readonly height: number;
  readonly title: string;
  /** What it shows, in words, for those who cannot see it; part of the SVG. */
  readonly description: string;
  /** The SVG document. Labels and names in it are text, whatever they hold. */
  readonly svg: string;
  /** The SVG inside a `<figure>`, for a page; as wide as there is room, up to its size. */
  readonly html: string;
  /** Shapes it is made of, for those who put pictures together. */
  readonly scene: Scene;
  readonly theme: Theme;
  /** The SVG as an element of a document. Default that of the page. @throws `ERR_STATE` where there is none */
  element(document?: Document): SVGSVGElement;
  /** Bytes of a PNG file. @throws `ERR_STATE` in Node without the optional package `@napi-rs/canvas` */
  toPng(options?: PngOptions): Promise<Uint8Array>;
  /**
   * Writes a `.svg` or `.png` file and returns its path; a page hands it to the reader as a download instead.
   *
   * @throws `ERR_OPTION` for another ending, `ERR_FILE` when it cannot be written
   */
  save(path: string): Promise<string>;
}

/** A picture of a scene. */
export function makePicture(scene: Scene, theme: Theme = 'auto'): Picture {
  checkOneOf('picture', { theme }, ['auto', 'light', 'dark']);
  const svg = sceneToSvg(scene, theme);
  const fluid = svg.replace('<svg ', '<svg style="max-width:100%;height:auto" ');
  const picture: Picture = {
    width: scene.width,
    height: scene.height,
    title: scene.title,
    description: scene.description,
    svg,
    html: `<figure class="simile-picture">${fluid}<figcaption>${escapeMarkup(scene.title)}</figcaption></figure>`,
    scene,
    theme,
    element: (document = pageDocument()) => svgElement(fluid, document),
    toPng: async (options = {}) => {
      const { scale = 2, theme: paper = theme === 'dark' ? 'dark' : 'light' } = options;
      checkNames('to-png', options, ['scale', 'theme']);
      checkPositive('to-png', { scale });
      checkOneOf('to-png', { theme: paper }, ['light', 'dark']);
      return sceneToPng(scene, scale, paper);
    },
    save: (path) => save(picture, path),
  };
  // console.log in Node writes what the picture shows, not its whole text.
  const inspect = (): string => `[Picture ${picture.title}: ${picture.description}]`;
  return Object.defineProperty(picture, Symbol.for('nodejs.util.inspect.custom'), { value: inspect });
}

function pageDocument(): Document {
  if (typeof document !== 'undefined') return document;
  throw new SimileError({
    where: 'picture',
    rule: 'an element needs a document, and this is no page',
    remedy: 'Pass one, such as parseHTML(…).document of linkedom, or use svg or html, which are text.',
    code: 'ERR_STATE',
  });
}

function svgElement(svg: string, document: Document): SVGSVGElement {
  const { DOMParser: Parser = DOMParser } = (document.defaultView ?? {}) as { DOMParser?: typeof DOMParser };
  const parsed = new Parser().parseFromString(svg, 'image/svg+xml');
  return document.importNode(parsed.documentElement, true) as unknown as SVGSVGElement;
}

async function save(picture: Picture, path: string): Promise<string> {
  const ending = /\.(svg|png)$/i.exec(path)?.[1]?.toLowerCase();
  if (!ending) {
    throw new SimileError({
      where: 'picture',
      rule: 'a picture is saved as .svg or .png',
      got: path,
      remedy: 'End the path in one of these.',
      code: 'ERR_OPTION',
    });
  }
  const bytes = ending === 'png' ? await picture.toPng() : new TextEncoder().encode(picture.svg);
  if (nodeModule('node:fs') || typeof document === 'undefined') await writeBytes(path, bytes);
  else download(path, bytes, ending === 'png' ? 'image/png' : 'image/svg+xml');
  return path;
}

function download(path: string, bytes: Uint8Array, type: string): void {
  const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  const link = Object.assign(document.createElement('a'), { href: address, download: path.split(/[\\/]/).at(-1)! });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
