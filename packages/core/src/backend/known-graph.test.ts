import { expect, it } from 'vitest';
import { FILTER, GRADIENTS, IMAGES, OUTPUTS, UPSTREAM, WEIGHTS } from './known-graph.ts';

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

/** Walks the convolution: image n, output row i and column j, filter row r and column c, channel o. */
function each(visit: (pixel: number, weight: number, feature: number) => void): void {
  for (let n = 0; n < 2; n++)
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 2; j++)
        for (let r = 0; r < 2; r++)
          for (let c = 0; c < 2; c++)
            for (let o = 0; o < 2; o++)
              visit(n * 9 + (i + r) * 3 + j + c, (r * 2 + c) * 2 + o, n * 8 + (i * 2 + j) * 2 + o);
}

it('the numbers of the known graph are those of plain loops, whole, and too long for 16 bits', () => {
  const features = zeros(16);
  each((pixel, weight, feature) => {
    features[feature]! += IMAGES[pixel]! * FILTER[weight]!;
  });
  const outputs = zeros(4);
  const byFeatures = zeros(16);
  const byWeights = zeros(16);
  for (let n = 0; n < 2; n++) {
    for (let k = 0; k < 8; k++) {
      for (let m = 0; m < 2; m++) {
        const active = Math.max(0, features[n * 8 + k]!);
        outputs[n * 2 + m]! += active * WEIGHTS[k * 2 + m]!;
        byWeights[k * 2 + m]! += active * UPSTREAM[n * 2 + m]!;
        if (active > 0) byFeatures[n * 8 + k]! += UPSTREAM[n * 2 + m]! * WEIGHTS[k * 2 + m]!;
      }
    }
  }
  const byImages = zeros(18);
  const byFilter = zeros(8);
  each((pixel, weight, feature) => {
    byImages[pixel]! += byFeatures[feature]! * FILTER[weight]!;
    byFilter[weight]! += byFeatures[feature]! * IMAGES[pixel]!;
  });

  expect(OUTPUTS).toEqual(outputs);
  expect(GRADIENTS).toEqual([byImages, byFilter, byWeights]);
  // Relu must have something to stop, on each side.
  expect(features.filter((value) => value > 0).length).toBe(11);
  expect(GRADIENTS.flat().some((value) => value % 2 !== 0 && Math.abs(value) > 2048)).toBe(true);
});
