import { expect, test } from 'vitest';
import { digitFromDrawing, type Drawing } from './digit-from-drawing.ts';

/** A drawing with a filled rectangle. */
function rectangle(left: number, top: number, wide: number, high: number, side = 280): Drawing {
  const ink = new Uint8Array(side * side);
  for (let y = top; y < top + high; y++) ink.fill(255, y * side + left, y * side + left + wide);
  return { width: side, height: side, ink };
}

function boxOf(digit: Uint8Array): { left: number; right: number; top: number; bottom: number } {
  const inked = [...digit.keys()].filter((i) => digit[i]! > 0);
  const [xs, ys] = [inked.map((i) => i % 28), inked.map((i) => Math.floor(i / 28))];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

test('a tall drawing fills twenty rows, in the middle, wherever it was drawn and however large', () => {
  const expected = { left: 9, right: 18, top: 4, bottom: 23 };
  expect(boxOf(digitFromDrawing(rectangle(10, 10, 40, 80))!)).toEqual(expected);
  expect(boxOf(digitFromDrawing(rectangle(130, 20, 120, 240))!)).toEqual(expected);
});

test('ink keeps its amount: scaling takes means', () => {
  const digit = digitFromDrawing(rectangle(0, 0, 80, 40))!;
  expect(digit.filter((ink) => ink === 255)).toHaveLength(20 * 10);
  expect(digit.filter((ink) => ink > 0)).toHaveLength(20 * 10);
});

test('the centre of mass lies in the middle, not that of the box', () => {
  const drawing = rectangle(100, 100, 20, 100); // a stem, with a foot to the right
  for (let y = 180; y < 200; y++) drawing.ink.fill(255, y * 280 + 100, y * 280 + 200);
  const digit = digitFromDrawing(drawing)!;
  let [mass, x, y] = [0, 0, 0];
  digit.forEach((ink, i) => {
    [mass, x, y] = [mass + ink, x + ink * (i % 28), y + ink * Math.floor(i / 28)];
  });
  expect(Math.abs(x / mass - 13.5)).toBeLessThanOrEqual(0.5);
  expect(Math.abs(y / mass - 13.5)).toBeLessThanOrEqual(0.5);
  expect(boxOf(digit).left + boxOf(digit).right).not.toBe(27);
});

test('an empty pad gives no digit, a single dot one', () => {
  expect(digitFromDrawing({ width: 4, height: 4, ink: new Uint8Array(16) })).toBeUndefined();
  expect(digitFromDrawing(rectangle(7, 7, 1, 1, 16))!.filter((ink) => ink === 255)).toHaveLength(400);
});
