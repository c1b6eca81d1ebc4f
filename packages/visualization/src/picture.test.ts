import { decode } from 'fast-png';
import { parseHTML } from 'linkedom';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { parseSvg } from '../test/parse-svg.ts';
import { drawCurve } from './draw-curve.ts';
import { drawNeighbors } from './draw-neighbors.ts';
import { light } from './scene/palette.ts';

const image = { shape: [2, 2], data: new Uint8Array([0, 255, 255, 0]) };
const picture = drawNeighbors(image, 1, [{ label: 1, distance: 0.1, data: image }, { label: 2, distance: 0.2, data: image }]); // prettier-ignore
const place = async (name: string): Promise<string> => join(await mkdtemp(join(tmpdir(), 'simile-picture-')), name);
const rgb = (hex: string): number[] => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

test('the SVG says its size and what it shows, and names nothing outside itself', () => {
  const svg = parseSvg(picture.svg);
  expect(svg.getAttribute('viewBox')).toBe(`0 0 ${picture.width} ${picture.height}`);
  expect(svg.getAttribute('role')).toBe('img');
  expect(svg.querySelector('title')!.textContent).toBe(picture.title);
  expect(svg.querySelector('desc')!.textContent).toBe(picture.description);
  const addresses = picture.svg.match(/(?:href|src|url)\s*[=(]\s*["']?[^"')]*/g)!;
  expect(addresses.filter((address) => !address.includes('data:image/png'))).toEqual([]);
});

test('colours follow the reader, or are set', () => {
  expect(picture.svg).toContain('@media screen and (prefers-color-scheme:dark)');
  const set = drawNeighbors(image, 1, [], { theme: 'dark' });
  expect(set.svg).not.toContain('<style');
  expect(set.svg).not.toContain(light.ink);
});

test('a picture becomes an element of a document', () => {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const element = picture.element(document as unknown as Document);
  expect(element.localName).toBe('svg');
  expect(element.querySelectorAll('image')).toHaveLength(3);
  document.body.append(element as never);
  expect(document.querySelectorAll('svg image')).toHaveLength(3);
});

test('without a document the error tells what to use', () => {
  expect(() => picture.element()).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: picture: an element needs a document, and this is no page. Pass one, such as parseHTML(…).document of linkedom, or use svg or html, which are text. [ERR_STATE]]`,
  );
});

test('a PNG shows the image, the border of the right neighbour and letters', async () => {
  const scale = 2;
  const png = decode(await picture.toPng({ scale }));
  expect([png.width, png.height]).toEqual([picture.width * scale, picture.height * scale]);
  const at = (x: number, y: number): number[] => {
    const place = (Math.round(y * scale) * png.width + Math.round(x * scale)) * 4;
    return Array.from(png.data.subarray(place, place + 3));
  };
  const cards = [...parseSvg(picture.svg).children].filter(({ localName }) => localName === 'g');
  const [x, y] = /translate\(([\d.]+) ([\d.]+)\)/.exec(cards[1]!.getAttribute('transform')!)!.slice(1).map(Number);
  // The image begins 8 pixels inside the card and is 112 wide: black, white over white, black.
  expect(at(x! + 8 + 28, y! + 8 + 28)).toEqual([0, 0, 0]);
  expect(at(x! + 8 + 84, y! + 8 + 28)).toEqual([255, 255, 255]);
  expect(at(x! + 8 + 28, y! + 8 + 84)).toEqual([255, 255, 255]);
  expect(at(x! + 8 + 84, y! + 8 + 84)).toEqual([0, 0, 0]);
  expect(at(x! + 1.5, y! + 60)).toEqual(rgb(light.right));
  expect(at(2, 2)).toEqual(rgb(light.ground));
  // Where the label stands, some pixels are ink.
  const label = Array.from({ length: 20 * 14 }, (_, i) => at(x! + 9 + (i % 20), y! + 130 + Math.floor(i / 20)));
  expect(label.filter(([red]) => red! < 100).length).toBeGreaterThan(5);
});

test('a file is written as its ending says', async () => {
  const svg = await picture.save(await place('neighbors.svg'));
  expect(await readFile(svg, 'utf8')).toBe(picture.svg);
  const png = await picture.save(await place('neighbors.PNG'));
  expect(decode(await readFile(png)).width).toBe(picture.width * 2);
});

test('another ending, or a folder that is not there, is refused', async () => {
  await expect(picture.save('neighbors.bmp')).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: picture: a picture is saved as .svg or .png, but got 'neighbors.bmp'. End the path in one of these. [ERR_OPTION]]`,
  );
  await expect(picture.save('/no/such/folder/neighbors.svg')).rejects.toMatchObject({ code: 'ERR_FILE' });
  await expect(picture.toPng({ scale: 0 })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: to-png: scale must be a finite number above 0, but got 0. Leave scale out to use the default. [ERR_OPTION]]`,
  );
});

test('console.log in Node says what a picture shows', () => {
  expect(inspect(drawCurve([0.9, 0.3]))).toBe('[Picture loss: loss from 0.900 to 0.300 over 2 values.]');
});
