import { selectBackend } from '@simile/core/backend';
import { createRandom } from '@simile/core/random';
import {
  memory,
  mul,
  ones,
  onesLike,
  relu,
  step,
  sum,
  tensor,
  tidy,
  valueAndGrad,
  type Tensor,
} from '@simile/core/ops';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { columnComparisons } from './column-comparisons.ts';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

const random = createRandom(3);
const normal = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());

/** Value and gradient of the sum of what comes out, each number times its place's weight. */
function run(
  [n, m, r]: [number, number, number],
  comparison: Parameters<typeof columnComparisons>[2],
): { x: Float32Array; w: Float32Array; out: Float32Array; gradient: Float32Array } {
  const [x, w] = [normal(n * m), normal(n * m * r)];
  const [rows, weights] = [tensor(x, [n, m]), tensor(w, [n, r, m])];
  const out = columnComparisons(rows as never, weights as never, comparison);
  const { value, grad } = valueAndGrad((values: Tensor) =>
    sum(columnComparisons(values as never, weights as never, comparison)),
  )(rows);
  const read = (of: Tensor): Float32Array => of.dataSync() as Float32Array;
  const result = { x, w, out: read(out).slice(), gradient: read(grad).slice() };
  for (const used of [rows, weights, out, value, grad]) used.dispose();
  return result;
}

describe('columnComparisons', () => {
  test('sums what a loop sums, and differentiates it', () => {
    const [n, m, r] = [3, 5, 2];
    const { x, w, out, gradient } = run([n, m, r], { value: relu, slope: ({ value }) => step(value()) });
    const slopes = new Float64Array(n * m);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        for (let c = 0; c < r; c++) {
          let total = 0;
          for (let k = 0; k < m; k++) {
            const difference = x[i * m + j]! - x[i * m + k]!;
            const weight = w[(i * r + c) * m + k]!;
            if (difference <= 0) continue;
            total += weight * difference;
            slopes[i * m + j]! += weight;
            slopes[i * m + k]! -= weight;
          }
          expect(out[(i * r + c) * m + j]).toBeCloseTo(total, 4);
        }
      }
    }
    slopes.forEach((slope, at) => expect(gradient[at]).toBeCloseTo(slope, 4));
  });

  test('gives the same in blocks, of which it frees all but the result', () => {
    // 1,500² comparisons a row: a block holds one row. Of plain differences the sum is x_j Σ w − Σ w x.
    const [n, m] = [3, 1500];
    const before = memory().numTensors;
    const { x, w, out, gradient } = run([n, m, 1], {
      value: (d) => mul(d, 1),
      slope: ({ difference }) => onesLike(difference()),
    });
    expect(memory().numTensors).toBe(before);
    for (let i = 0; i < n; i++) {
      const [row, weights] = [x.subarray(i * m, (i + 1) * m), w.subarray(i * m, (i + 1) * m)];
      const [sumOfWeights, sumOfBoth] = [
        weights.reduce((a, b) => a + b, 0),
        weights.reduce((a, b, k) => a + b * row[k]!, 0),
      ];
      for (const j of [0, 700, 1499]) {
        expect(Math.abs(out[i * m + j]! - (row[j]! * sumOfWeights - sumOfBoth))).toBeLessThan(2e-3);
        expect(Math.abs(gradient[i * m + j]! - (sumOfWeights - m * weights[j]!))).toBeLessThan(1e-2);
      }
    }
  });

  test('holds a few blocks at most, whatever the number of rows', () => {
    const peakOf = (n: number): number =>
      tidy(() => {
        const [x, w] = [ones([n, 1500]), ones([n, 1, 1500])];
        const before = memory().numBytes;
        let peak = 0;
        columnComparisons(x as never, w as never, {
          value: (d) => {
            const used = relu(d);
            peak = Math.max(peak, memory().numBytes - before);
            return used;
          },
          slope: ({ difference }) => step(difference()),
        });
        return peak;
      });
    // A block is 1,500² numbers of 4 bytes; a row of results 6 kB.
    expect(peakOf(4) - peakOf(1)).toBeLessThan(4 * 1500 * 4 * 2);
    expect(peakOf(1)).toBeLessThan(3 * 1500 * 1500 * 4);
  });
});
