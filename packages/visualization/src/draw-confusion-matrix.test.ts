import { confusionMatrix, type ConfusionMatrix } from '@simile/metrics';
import { expect, expectTypeOf, test } from 'vitest';
import { parseSvg, textsOf } from '../test/parse-svg.ts';
import { drawConfusionMatrix, type DrawnConfusionMatrix } from './draw-confusion-matrix.ts';

const matrix = {
  classes: ['cat', 'dog'],
  counts: [
    [8, 1, 1],
    [0, 10, 0],
  ],
};
const cellsOf = (svg: string): Element[] => {
  return [...parseSvg(svg).children].filter(({ localName }) => localName === 'g');
};

test('a matrix of the metrics package is taken as it is', () => {
  expectTypeOf<ConfusionMatrix>().toExtend<DrawnConfusionMatrix>();
  const counted = confusionMatrix(['a', 'a', 'b'], ['a', null, 'a']);
  expect(drawConfusionMatrix(counted).description).toBe('1 of 3 right (33.3 %), 1 wrong, 1 unknown.');
});

test('there is a cell for every pair, in rows of true classes, the last column unknown', () => {
  const { svg } = drawConfusionMatrix(matrix);
  const cells = cellsOf(svg);
  expect(cells.map((cell) => cell.querySelector('title')!.textContent)).toEqual([
    'cat taken for cat: 8',
    'cat taken for dog: 1',
    'cat taken for unknown: 1',
    'dog taken for cat: 0',
    'dog taken for dog: 10',
    'dog taken for unknown: 0',
  ]);
  const places = cells.map((cell) => /translate\(([\d.]+) ([\d.]+)\)/.exec(cell.getAttribute('transform')!)!.slice(1));
  expect(places[0]![1]).toBe(places[2]![1]);
  expect(places[0]![0]).toBe(places[3]![0]);
  expect(Number(places[3]![1]) - Number(places[0]![1])).toBe(Number(places[1]![0]) - Number(places[0]![0]));
  expect(textsOf(svg).filter((text) => text === 'unknown')).toHaveLength(1);
});

test('right cells have a border; a larger share of the row is a stronger colour', () => {
  const cells = cellsOf(drawConfusionMatrix(matrix).svg);
  const border = cells.map((cell) => cell.querySelector('rect')!.hasAttribute('stroke'));
  expect(border).toEqual([true, false, false, false, true, false]);
  const strength = cells.map((cell) => Number(cell.querySelectorAll('rect')[1]!.getAttribute('opacity')));
  expect(strength[4]).toBe(0.5); // all of the row
  expect(strength[3]).toBe(0);
  expect(strength[0]).toBeGreaterThan(strength[1]!);
});

test('without a column for unknown there is none', () => {
  const { svg, description } = drawConfusionMatrix({ classes: [0, 1], counts: [[1, 1], [0, 2]] }); // prettier-ignore
  expect(cellsOf(svg)).toHaveLength(4);
  expect(textsOf(svg)).not.toContain('unknown');
  expect(description).toBe('3 of 4 right (75.0 %), 1 wrong.');
});

test('names are used, and an empty row is no harm', () => {
  const { svg } = drawConfusionMatrix({ classes: [0, 1], counts: [[0, 0], [0, 0]] }, { classNames: ['nil', 'one'] }); // prettier-ignore
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['nil', 'one']));
  expect(svg).not.toContain('NaN');
});

test('counts that are no matrix of the classes are refused', () => {
  const draw = (counts: number[][]): unknown => drawConfusionMatrix({ classes: ['a', 'b'], counts });
  expect(() => draw([[1, 2, 3, 4]])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-confusion-matrix: counts must be one row a class, with a column a class and at most one more, for unknown, but got '2 classes and rows of 4'. Make it with confusionMatrix of @simile/metrics. [ERR_SHAPE]]`,
  );
  expect(() => draw([[1, 2], [1]])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-confusion-matrix: counts must be one row a class, with a column a class and at most one more, for unknown, but got '2 classes and rows of 2, 1'. Make it with confusionMatrix of @simile/metrics. [ERR_SHAPE]]`,
  );
  expect(() => draw([[1, -2], [1, 2]])).toThrowErrorMatchingInlineSnapshot(`[SimileError: draw-confusion-matrix: counts must be finite, 0 or more, but got -2. Count queries; shares are worked out here. [ERR_DATA]]`); // prettier-ignore
});
