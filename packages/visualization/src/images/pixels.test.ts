import { expect, test } from 'vitest';
import { isImageLike, toPixels, type ImageLike } from './pixels.ts';
import { pixelsToRgba } from './pixels-to-rgba.ts';
import { shrinkPixels } from './shrink-pixels.ts';

const bytes = (image: ImageLike): number[] => [...toPixels('test', image).data];

test('bytes and whole numbers run from 0 to 255, whatever the largest is', () => {
  expect(bytes({ shape: [1, 3], data: new Uint8Array([0, 1, 255]) })).toEqual([0, 1, 255]);
  expect(bytes({ shape: [1, 3], data: new Int32Array([-5, 1, 300]) })).toEqual([0, 1, 255]);
  expect(bytes({ shape: [1, 2], dtype: 'int32', dataSync: () => new Float32Array([0, 1]) })).toEqual([0, 1]);
});

test('floats run from 0 to 1, from −1 to 1 or from 0 to 255, as their values tell', () => {
  expect(bytes({ shape: [1, 3], data: new Float32Array([0, 0.5, 1]) })).toEqual([0, 128, 255]);
  expect(bytes({ shape: [1, 3], data: new Float32Array([-1, 0, 1]) })).toEqual([0, 128, 255]);
  expect(bytes({ shape: [1, 3], data: new Float32Array([0, 1, 254.6]) })).toEqual([0, 1, 255]);
  expect(bytes({ shape: [1, 3], data: [0, Number.NaN, 1] })).toEqual([0, 0, 255]);
  expect(bytes({ shape: [1, 2], data: new Float32Array([-40, 300]) })).toEqual([0, 255]);
});

test('a leading 1 is no part of the image, and two to four numbers are told apart', () => {
  const size = ({ width, height, channels }: { width: number; height: number; channels: number }): number[] => {
    return [height, width, channels];
  };
  const pixels = (shape: number[]): number[] => {
    return size(toPixels('test', { shape, data: new Uint8Array(shape.reduce((a, b) => a * b)) }));
  };
  expect(pixels([28, 20])).toEqual([28, 20, 1]);
  expect(pixels([28, 20, 3])).toEqual([28, 20, 3]);
  expect(pixels([1, 28, 20, 4])).toEqual([28, 20, 4]);
  expect(pixels([1, 28, 20])).toEqual([28, 20, 1]);
});

test('what is no image is told apart', () => {
  expect(isImageLike({ shape: [2, 2], data: [1, 2, 3, 4] })).toBe(true);
  for (const value of [null, 'text', 7, {}, { shape: [2, 2] }, { shape: [8], data: [] }, { shape: [2, 0], data: [] }]) {
    expect(isImageLike(value)).toBe(false);
  }
});

test('grey, alpha and colours become RGBA', () => {
  const rgba = (channels: 1 | 2 | 3 | 4, data: number[]): number[] => {
    return [...pixelsToRgba({ width: 1, height: 1, channels, data: Uint8Array.from(data) })];
  };
  expect(rgba(1, [9])).toEqual([9, 9, 9, 255]);
  expect(rgba(2, [9, 8])).toEqual([9, 9, 9, 8]);
  expect(rgba(3, [1, 2, 3])).toEqual([1, 2, 3, 255]);
  expect(rgba(4, [1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
});

test('shrinking takes means, at the ends of those that are there', () => {
  const pixels = { width: 3, height: 2, channels: 1, data: Uint8Array.from([10, 20, 30, 50, 60, 70]) } as const;
  expect(shrinkPixels(pixels, 2)).toEqual({
    width: 2,
    height: 1,
    channels: 1,
    data: Uint8Array.from([35, 50]), // (10 + 20 + 50 + 60) / 4, (30 + 70) / 2
  });
  expect(shrinkPixels(pixels, 3)).toBe(pixels);
});
