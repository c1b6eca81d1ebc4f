import type { Match, Neighbor } from '@simile/index';
import { decode } from 'fast-png';
import { expect, expectTypeOf, test } from 'vitest';
import { parseSvg, textsOf } from '../test/parse-svg.ts';
import { drawNeighbors, type DrawnMatch, type DrawnNeighbor } from './draw-neighbors.ts';

const grey = { shape: [2, 3], data: new Uint8Array([0, 51, 102, 153, 204, 255]) };
const neighbors = [
  { rank: 1, label: 4, distance: 0.01234, data: grey },
  { rank: 2, label: 9, distance: 0.25, data: grey },
  { rank: 3, label: null, distance: 1.5, data: { note: 'no image' } },
];

function pngOf(image: Element): ReturnType<typeof decode> {
  const address = image.getAttribute('href')!;
  expect(address).toMatch(/^data:image\/png;base64,/);
  return decode(Buffer.from(address.slice(address.indexOf(',') + 1), 'base64'));
}

test('query and neighbours of an index are taken as they are', () => {
  expectTypeOf<Neighbor>().toExtend<DrawnNeighbor>();
  expectTypeOf<Match>().toExtend<DrawnMatch>();
});

test('the query comes first, then every neighbour from left to right in equal steps', () => {
  const svg = parseSvg(drawNeighbors(grey, 4, neighbors).svg);
  const cards = [...svg.children].filter(({ localName }) => localName === 'g');
  const titles = cards.map((card) => card.querySelector('title')!.textContent);
  expect(titles).toEqual([
    'Query 4',
    '1: 4, distance 0.0123, right',
    '2: 9, distance 0.250, wrong',
    '3: no label, distance 1.50',
  ]);
  const lefts = cards.map((card) => Number(/translate\(([\d.]+) /.exec(card.getAttribute('transform')!)![1]));
  expect(lefts[2]! - lefts[1]!).toBe(lefts[3]! - lefts[2]!);
  expect(lefts[1]!).toBeGreaterThan(lefts[0]!);
  const width = Number(svg.getAttribute('width'));
  const card = Number(cards[3]!.querySelector('rect')!.getAttribute('width'));
  expect(lefts[3]! + card).toBeLessThan(width);
});

test('right, wrong and not comparable differ in border and mark, not in colour alone', () => {
  const svg = parseSvg(drawNeighbors(grey, 4, neighbors).svg);
  const [, right, wrong, unknown] = [...svg.children].filter(({ localName }) => localName === 'g');
  const dash = (card: Element): string | null => card.querySelector('rect')!.getAttribute('stroke-dasharray');
  const mark = (card: Element): string => [...card.querySelectorAll('path')].at(-1)!.getAttribute('d')!;
  expect(dash(right!)).toBeNull();
  expect(dash(wrong!)).toBe('7 5');
  expect(dash(unknown!)).toBe('1.5 5');
  expect(new Set([right!, wrong!, unknown!].map(mark)).size).toBe(3);
});

test('neighbours of a query without a label are not judged', () => {
  const { svg, description } = drawNeighbors(grey, null, neighbors);
  expect(description).toBe('Query no label. 1: 4, distance 0.0123. 2: 9, distance 0.250. 3: no label, distance 1.50.');
  expect(parseSvg(svg).querySelectorAll('path, [stroke-dasharray]')).toHaveLength(0);
});

test('images are drawn whole, in their proportions, pixel for pixel', () => {
  const svg = parseSvg(drawNeighbors(grey, 4, neighbors, { imageSize: 90 }).svg);
  const images = [...svg.querySelectorAll('image')];
  expect(images).toHaveLength(3);
  expect(images.map((image) => [image.getAttribute('width'), image.getAttribute('height')])).toEqual(
    Array.from({ length: 3 }, () => ['90', '60']),
  );
  expect(images[0]!.getAttribute('image-rendering')).toBe('pixelated');
  expect(pngOf(images[0]!)).toMatchObject({ width: 3, height: 2, channels: 1, data: grey.data });
});

test('a photo is shrunk to twice the size it is shown at, by means', () => {
  const data = Uint8Array.from({ length: 400 * 200 * 3 }, (_, i) => (Math.floor(i / 3) % 2 === 0 ? 100 : 200));
  const svg = parseSvg(drawNeighbors({ shape: [200, 400, 3], data }, null, [], { imageSize: 50 }).svg);
  const png = pngOf(svg.querySelector('image')!);
  expect(png).toMatchObject({ width: 100, height: 50, channels: 3 });
  expect(new Set(png.data)).toEqual(new Set([150]));
});

test('labels are data: markup in them is shown, never run', () => {
  const label = '<script>alert("1")</script>';
  const { svg, html } = drawNeighbors(label, label, [{ label, distance: 0, data: label }], {
    classNames: { [label]: '<img src=x onerror=alert(1)> & "friends"' },
    title: '</title><script>alert(2)</script>',
    match: { label: "'><script>" },
    imageSize: 400,
  });
  const parsed = parseSvg(svg);
  expect(parsed.querySelectorAll('script, img')).toHaveLength(0);
  expect(
    [...parsed.querySelectorAll('*')].flatMap((each) => [...each.attributes]).map(({ name }) => name),
  ).not.toContain('onerror');
  expect(textsOf(svg)).toContain('<img src=x onerror=alert(1)> & "friends"');
  expect(`${svg}${html}`).not.toMatch(/<script|<img/);
});

test('characters that XML cannot hold do not break the file', () => {
  const { svg } = drawNeighbors(null, 'a\u0000b\ud800c\u001b', []);
  // oxlint-disable-next-line no-control-regex
  expect(svg).not.toMatch(/[\u0000-\u0008\u001b]/);
  expect(textsOf(svg)).toContain('a\ufffdb\ufffdc\ufffd');
});

test('class names come by position or by label', () => {
  expect(drawNeighbors(null, 1, [], { classNames: ['zero', 'one'] }).description).toBe('Query one.');
  expect(drawNeighbors(null, 'k', [], { classNames: { k: 'King' } }).description).toBe('Query King.');
  expect(drawNeighbors(null, 7, [], { classNames: ['zero', 'one'] }).description).toBe('Query 7.');
  expect(drawNeighbors(null, 'length', [], { classNames: ['zero'] }).description).toBe('Query length.');
});

test('the label of a query may be a tensor or list of one', () => {
  const spoken = (label: Parameters<typeof drawNeighbors>[1]): string => drawNeighbors(null, label, []).description;
  expect(spoken({ dataSync: () => new Int32Array([5]) })).toBe('Query 5.');
  expect(spoken(new Int32Array([6]))).toBe('Query 6.');
  expect(spoken(undefined)).toBe('Query no label.');
});

test('a match is shown under the query: right, wrong or unknown', () => {
  const spoken = (label: number | null): string => drawNeighbors(grey, 4, [], { match: { label } }).description;
  expect(spoken(4)).toBe('Query 4, matched: 4, right.');
  expect(spoken(9)).toBe('Query 4, matched: 9, wrong.');
  expect(spoken(null)).toBe('Query 4, matched: unknown.');
  expect(textsOf(drawNeighbors(grey, 4, [], { match: { label: null } }).svg).join(' ')).toContain('unknown');
});

test('texts are wrapped on their card, and what has neither image nor text shows its label', () => {
  const { svg } = drawNeighbors('what is a metric', null, [
    { label: 'maths', distance: 0.5, data: 'a function that tells how far apart two points of a set are' },
    { label: 'other', distance: 0.6 },
  ]);
  const texts = textsOf(svg);
  expect(texts.filter((text) => text === 'other')).toHaveLength(2);
  expect(texts.join(' ')).toContain('a function that');
  expect(parseSvg(svg).querySelectorAll('image')).toHaveLength(0);
});

test('no neighbour, one neighbour and a thousand are drawn', () => {
  expect(parseSvg(drawNeighbors(grey, 1, []).svg).querySelectorAll('image')).toHaveLength(1);
  const many = Array.from({ length: 1000 }, (_, i) => ({ label: i, distance: i, data: grey }));
  expect(parseSvg(drawNeighbors(grey, 1, many).svg).querySelectorAll('image')).toHaveLength(1001);
});

test('what cannot be drawn is refused with a way out', () => {
  const batch = { shape: [2, 28, 28, 1], data: new Uint8Array(1568) };
  expect(() => drawNeighbors(batch, 1, [])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-neighbors: query must be one image ([height, width] or [height, width, 1 to 4 channels]), a text, or null, but got 'shape [2, 28, 28, 1]'. Draw one query at a time, and pass null where there is nothing to show. [ERR_SHAPE]]`,
  );
  expect(() => drawNeighbors({ shape: [2, 2], data: [1] }, 1, [])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-neighbors: an image must have shape [height, width] or [height, width, 1 to 4 channels] and as many values, but got 'shape [2, 2] and 1 values'. Give one image, such as a slice of a batch. [ERR_SHAPE]]`,
  );
  expect(() => drawNeighbors(null, [1, 2], [])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-neighbors: queryLabel must be one label, but got [1, 2]. Draw one query at a time. [ERR_SHAPE]]`,
  );
  expect(() => drawNeighbors(null, 1, [{ label: 1, distance: Number.NaN }])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-neighbors: every neighbour must have a distance, a finite number, but got NaN. Draw what a search returned; leave places out that it did not fill. [ERR_DATA]]`,
  );
  expect(() => drawNeighbors(null, 1, [], { imageSize: 2 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-neighbors: imageSize must be a number from 24 to 1024, but got 2. Leave imageSize out to use the default. [ERR_OPTION]]`,
  );
  expect(() => drawNeighbors(null, 1, [], { imagesize: 64 } as object)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-neighbors: options are classNames, match, imageSize, title, theme, but got 'imagesize'. Check the spelling. [ERR_OPTION]]`,
  );
  expect(() => drawNeighbors(null, 1, [], { theme: 'sepia' as 'dark' })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: picture: theme must be one of 'auto', 'light', 'dark', but got 'sepia'. Leave theme out to use the default. [ERR_OPTION]]`,
  );
});
