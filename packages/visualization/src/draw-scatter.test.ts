import { expect, test } from 'vitest';
import { parseSvg, pointsOf, textsOf } from '../test/parse-svg.ts';
import { drawScatter } from './draw-scatter.ts';

const square = { data: Float32Array.of(0, 0, 2, 0, 0, 1, 2, 1), shape: [4, 2] };

/** Marks by the title of their class, as pixels. */
function marksOf(svg: string): Record<string, [number, number][]> {
  const groups = [...parseSvg(svg).querySelectorAll('g')];
  return Object.fromEntries(
    groups.map((group) => {
      const commands = group.querySelector('path')!.getAttribute('d')!;
      return [group.querySelector('title')!.textContent!, pointsOf(commands.match(/M[^hma]+/g)!.join(' '))];
    }),
  );
}

test('points fill the width, and a unit is as long up as across', () => {
  // 528 pixels for 2 across, so 264 a unit; the top is below the heading (24) and a margin (16).
  expect(marksOf(drawScatter(square).svg)).toEqual({
    'points: 4': [
      [16, 304],
      [544, 304],
      [16, 40],
      [544, 40],
    ],
  });
});

test('each class has its own marks, a line in the legend and its name at its middle', () => {
  const picture = drawScatter(square, { labels: [1, 0, 1, 1], classNames: ['zero', 'one'], title: 'Digits' });
  expect(picture.description).toBe('4 points: zero 1, one 3.');
  const marks = marksOf(picture.svg);
  expect(Object.keys(marks)).toEqual(['zero: 1', 'one: 3']);
  expect(marks['zero: 1']).toEqual([[544, 324]]);
  expect(textsOf(picture.svg)).toEqual(['Digits', 'zero', 'one', 'zero', 'one']);
  const places = [...parseSvg(picture.svg).querySelectorAll('text')].slice(3).map((text) => text.getAttribute('x'));
  // ‘zero’ is 4 × .58 × 12 + 8 = 35.84 wide with its card, and is moved in from the edge by half of that: 560 − 17.92.
  expect(places).toEqual(['542.08', '16']);
});

test('texts keep their order, points without a label come last and have no name on the map', () => {
  const picture = drawScatter(square, { labels: [null, 'b', 'a', 'b'] });
  expect(picture.description).toBe('4 points: b 2, a 1, no label 1.');
  expect(textsOf(picture.svg)).toEqual(['Map', 'b', 'a', 'no label', 'b', 'a']);
});

test('classes beyond the fourth differ in form as well', () => {
  const points = { data: Float32Array.from({ length: 26 }, (_, i) => i), shape: [13, 2] };
  const { svg } = drawScatter(points, { labels: Int32Array.from({ length: 13 }, (_, i) => i) });
  const forms = [...parseSvg(svg).querySelectorAll('g > path')].map((path) => {
    const color = path.getAttribute('stroke')!;
    return `${color} ${/a/.test(path.getAttribute('d')!) ? 'ring' : /l/.test(path.getAttribute('d')!) ? 'cross' : 'dot'}`;
  });
  expect(new Set(forms.slice(0, 12)).size).toBe(12);
  expect(forms[12]).toBe(forms[0]);
});

test('many points make a file of fair size', () => {
  const data = Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i * i));
  const { svg } = drawScatter(
    { data, shape: [10_000, 2] },
    { labels: Int32Array.from({ length: 10_000 }, (_, i) => i % 10) },
  );
  expect(svg.length).toBeLessThan(500_000);
});

test('many classes are named as far as they can be read', () => {
  const points = { data: Float32Array.from({ length: 80 }, (_, i) => i), shape: [40, 2] };
  const texts = textsOf(drawScatter(points, { labels: Array.from({ length: 40 }, (_, i) => `class number ${i}`) }).svg);
  expect(texts).toContain('and 16 more');
});

test('one point, and points that are all alike, are drawn', () => {
  expect(drawScatter({ data: Float32Array.of(3, 4), shape: [1, 2] }).svg).not.toContain('NaN');
  expect(drawScatter({ data: new Float32Array(6), shape: [3, 2] }).svg).not.toContain('NaN');
});

test('a label is shown, never run', () => {
  const { svg } = drawScatter(square, { labels: ['<script>', 'a', 'a', 'a'] });
  expect(svg).not.toContain('<script>');
  expect(textsOf(svg)).toContain('<script>');
});

test('refuses what is no map', () => {
  expect(() => drawScatter({ data: new Float32Array(6), shape: [2, 3] })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-scatter: points must have shape [n, 2], n from 1, but got [2, 3]. Project embeddings by principalComponents first. [ERR_SHAPE]]`,
  );
  expect(() => drawScatter(square, { labels: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-scatter: labels must be one a point, 4, but got 2. Give null for a point without a label. [ERR_SHAPE]]`,
  );
  expect(() => drawScatter({ data: Float32Array.of(0, NaN), shape: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-scatter: every value must be finite, but got 'NaN in item 0'. Leave such items out, and look where they come from. [ERR_DATA]]`,
  );
  expect(() => drawScatter(square, { pointSize: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-scatter: pointSize must be a finite number above 0, but got 0. Leave pointSize out to use the default. [ERR_OPTION]]`,
  );
});
