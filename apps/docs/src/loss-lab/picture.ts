import { element, shape } from './element.ts';

/** Drawings below each other as one SVG text that needs no page around it. */
export function asSvg(
  drawings: readonly SVGSVGElement[],
  titles: readonly string[],
  color: string,
  ground: string,
): string {
  const gap = 16;
  const head = 28;
  let width = 0;
  let height = gap;
  const parts = drawings.map((drawing, i) => {
    const [, , w, h] = drawing.getAttribute('viewBox')!.split(' ').map(Number);
    const copy = drawing.cloneNode(true) as SVGSVGElement;
    const title = titles[i] ?? '';
    const top = height + (title ? head : 0);
    copy.setAttribute('x', String(gap));
    copy.setAttribute('y', String(top));
    copy.setAttribute('width', String(w));
    copy.setAttribute('height', String(h));
    const text = { x: gap, y: height + 18, 'font-size': 16, 'font-family': 'sans-serif', fill: color };
    width = Math.max(width, w! + 2 * gap);
    height = top + h! + gap;
    return shape('g', {}, ...(title ? [shape('text', text, title)] : []), copy);
  });
  const whole = shape(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, color, 'font-family': 'sans-serif' },
    shape('rect', { width, height, fill: ground }),
    ...parts,
  );
  return new XMLSerializer().serializeToString(whole);
}

/** The same picture as a PNG, twice as fine. */
export async function asPng(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = element('canvas', { width: 2 * image.naturalWidth, height: 2 * image.naturalHeight });
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser made no PNG.'))), 'image/png'),
  );
}

/** Hands a file to the person at the page. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
