import { meanOfAll, meanOfPositive, meanOfValid, sumOfValid, type Reducer } from '@simile/core';
import { selectBackend } from '@simile/core/backend';
import { createRandom } from '@simile/core/random';
import { squaredEuclidean } from '@simile/distances';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { env, profile, tensor1d, tensor2d, tidy, valueAndGrad, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { tripletMargin, type TripletMarginOptions } from './triplet-margin.ts';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

const MB = 2 ** 20;
const random = createRandom(11);

function batch(n: number, classes: number): { rows: Float32Array; labels: Int32Array } {
  const rows = Float32Array.from({ length: 2 * n }, () => random.normal());
  return { rows, labels: Int32Array.from({ length: n }, (_, i) => i % classes) };
}

/** Value, gradient by the rows and the most bytes alive beyond those before the call. */
async function run(
  { rows, labels }: ReturnType<typeof batch>,
  options: TripletMarginOptions,
): Promise<{ value: number; gradient: Float32Array; peak: number }> {
  const [x, ids] = [tensor2d(rows, [labels.length, 2]), tensor1d(labels, 'int32')];
  const loss = tripletMargin({ positives: 'all', negatives: 'all', distance: squaredEuclidean(), ...options });
  let result: { value: number; gradient: Float32Array } = { value: 0, gradient: new Float32Array(0) };
  env().set('CHECK_COMPUTATION_FOR_ERRORS', false); // profile would read every tensor
  const { peakBytes } = await profile(() => {
    const { value, grad } = tidy(() => valueAndGrad((y) => loss(ids, y as Tensor2D))(x));
    result = { value: value.dataSync()[0]!, gradient: grad.dataSync().slice() as Float32Array };
    return [value, grad];
  });
  for (const used of [x, ids]) used.dispose();
  return { ...result, peak: peakBytes };
}

describe('triplets, all of them', () => {
  // 512³ numbers are 512 MB. A block is 16 MB, and the gradient holds seven of them.
  test('of 512 rows take a few blocks, and their mean is exact', async () => {
    const n = 512;
    const { rows, labels } = batch(n, 128);
    const { value, gradient, peak } = await run({ rows, labels }, { margin: 0.5 });
    expect(peak / MB).toBeLessThan(160);
    const slopes = new Float64Array(2 * n);
    const away = new Float64Array(n);
    let [total, count] = [0, 0];
    for (let a = 0; a < n; a++) {
      for (let j = 0; j < n; j++) {
        away[j] = (rows[2 * a]! - rows[2 * j]!) ** 2 + (rows[2 * a + 1]! - rows[2 * j + 1]!) ** 2;
      }
      const pull = (j: number, weight: number): void => {
        for (const k of [0, 1]) {
          const slope = 2 * weight * (rows[2 * a + k]! - rows[2 * j + k]!);
          slopes[2 * a + k]! += slope;
          slopes[2 * j + k]! -= slope;
        }
      };
      for (let p = 0; p < n; p++) {
        if (p === a || labels[p] !== labels[a]) continue;
        for (let k = 0; k < n; k++) {
          if (labels[k] === labels[a]) continue;
          const cost = away[p]! - away[k]! + 0.5;
          count++;
          if (cost <= 0) continue;
          total += cost;
          pull(p, 1);
          pull(k, -1);
        }
      }
    }
    expect(Math.abs(value - total / count)).toBeLessThan(1e-4 * (total / count));
    const most = slopes.reduce((a, b) => Math.max(a, Math.abs(b)), 0) / count;
    expect(slopes.every((slope, at) => Math.abs(slope / count - gradient[at]!) < 1e-3 * most)).toBe(true);
  });

  // As a tensor of pointers to negatives, 256³ numbers are 64 MB, and there were seven of that size.
  test('with a semi-hard negative each take a few blocks as well', async () => {
    const { peak } = await run(batch(256, 64), { negatives: 'semi-hard', swap: true });
    expect(peak / MB).toBeLessThan(130);
  });

  // A reducer that is not known is given one cost a triplet: the other way to the same number.
  test.each([
    { name: 'meanOfValid', reduce: meanOfValid },
    { name: 'meanOfPositive', reduce: meanOfPositive },
    { name: 'meanOfAll', reduce: meanOfAll },
    { name: 'sumOfValid', reduce: sumOfValid },
  ])('reduce by $name as a list of them does', async ({ reduce }) => {
    const data = batch(10, 3);
    const byHand: Reducer = (costs, valid) => reduce(costs, valid);
    for (const options of [{}, { swap: true }, { soft: true, margin: 0.3 }, { swap: true, soft: true }]) {
      const [blocks, list] = [await run(data, { ...options, reduce }), await run(data, { ...options, reduce: byHand })];
      expect(Math.abs(blocks.value - list.value)).toBeLessThan(1e-5 * Math.max(1, list.value));
      blocks.gradient.forEach((slope, at) =>
        expect(Math.abs(slope - list.gradient[at]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(list.gradient[at]!))),
      );
    }
  });
});
