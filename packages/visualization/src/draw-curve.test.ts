import { expect, test } from 'vitest';
import { parseSvg, pointsOf, textsOf } from '../test/parse-svg.ts';
import { movingMean } from './charts/moving-mean.ts';
import { thinLine } from './charts/thin-line.ts';
import { drawCurve } from './draw-curve.ts';

const linesOf = (svg: string): [number, number][][] => {
  return [...parseSvg(svg).querySelectorAll('g > path')].map((path) => pointsOf(path.getAttribute('d')!));
};

test('a line goes through every value, from the first step to the last', () => {
  // Axes by hand: steps 1 to 3 over 58 to 620 pixels, loss 0 to 0.8 over 274 up to 64.
  expect(linesOf(drawCurve([0.8, 0.4, 0.2], { smooth: 1 }).svg)).toEqual([
    [
      [58, 64],
      [339, 169],
      [620, 221.5],
    ],
  ]);
});

test('lists by name are drawn together, with a legend', () => {
  const { svg, description } = drawCurve({ loss: [1, 0.5], val_loss: [1.2, 0.9] }, { smooth: 1 });
  expect(linesOf(svg)).toHaveLength(2);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(['loss', 'val_loss', 'step']));
  expect(description).toBe('loss from 1.00 to 0.500 over 2 values. val_loss from 1.20 to 0.900 over 2 values.');
});

test('values that are not finite leave a gap', () => {
  const { svg } = drawCurve([1, Number.NaN, 1, 1], { smooth: 1 });
  const path = [...parseSvg(svg).querySelectorAll('g > path')][0]!.getAttribute('d')!;
  expect(path.match(/M/g)).toHaveLength(2);
  expect(svg).not.toContain('NaN"');
});

test('the smooth line is a mean of what came before', () => {
  expect([...movingMean([4, 2, 6, Number.NaN, 0], 2)]).toEqual([4, 3, 4, 6, 0]);
  expect(linesOf(drawCurve([4, 2, 6, 1], { smooth: 2 }).svg)).toHaveLength(2);
});

test('a long run keeps its peaks in a file of fair size', () => {
  const values = Float64Array.from({ length: 1_000_000 }, (_, i) => (i === 777_777 ? 50 : Math.sin(i)));
  const { x, y } = thinLine(values, 1);
  expect(x.length).toBeLessThanOrEqual(1200);
  expect(x[y.indexOf(50)]).toBe(777_778);
  expect(x).toEqual(x.toSorted((a, b) => a - b));
  expect(drawCurve(values).svg.length).toBeLessThan(80_000);
});

test('steps are whole numbers', () => {
  const texts = textsOf(drawCurve([1, 0.9, 0.8]).svg);
  expect(texts).toEqual(expect.arrayContaining(['1', '2', '3']));
  expect(texts).not.toContain('1.5');
});

test('a single value, and equal values, are drawn', () => {
  expect(drawCurve([0.5]).svg).not.toContain('NaN');
  expect(drawCurve([0, 0, 0]).svg).not.toContain('NaN');
});

test('nothing to draw is an error', () => {
  expect(() => drawCurve([])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-curve: at least one finite value is needed, but got 'none'. Train a step first. [ERR_DATA]]`,
  );
  expect(() => drawCurve([Number.NaN])).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-curve: at least one finite value is needed, but got 'none'. Train a step first. [ERR_DATA]]`,
  );
  expect(() => drawCurve([1], { smooth: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: draw-curve: smooth must be a whole number of at least 1, but got 0. Leave smooth out to use the default. [ERR_OPTION]]`,
  );
});
