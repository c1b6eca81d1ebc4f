import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { env, grad, mul, setBackend, sum, tensor1d, tensor2d, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  l2Normalize,
  logOnePlusSumExp,
  maskedArgMax,
  maskedArgMin,
  maskedLogSumExp,
  pick,
  safeSqrt,
} from './numerics.ts';

/** Value, and gradient of the sum of `weights · f(x)`. */
async function both(x: number[][], f: (x: Tensor2D) => Tensor, weights: number[]): Promise<[number[], number[]]> {
  const rows = tensor2d(x);
  const value = f(rows);
  const slope = grad((t) => sum(mul(f(t as Tensor2D), tensor1d(weights))))(rows);
  return [[...(await value.data())], [...(await slope.data())]];
}

function expectNear([value, slope]: [number[], number[]], wanted: number[], wantedSlope: number[]): void {
  for (const [got, expected] of [
    [value, wanted],
    [slope, wantedSlope],
  ] as const) {
    expect(got.length).toBe(expected.length);
    got.forEach((number, i) => expect(number, `at ${i}`).toBeCloseTo(expected[i]!, 4));
  }
}

describe.each(['webgl', 'webgpu'])('safe numerics on %s, in its shaders', (backend) => {
  beforeAll(async () => {
    // Small tensors would otherwise be computed on the CPU.
    for (const flag of ['WEBGL_CPU_FORWARD', 'WEBGPU_CPU_FORWARD']) env().set(flag, false);
    await setBackend(backend);
  });
  const mask = [
    [1, 0, 1],
    [0, 0, 0],
  ];
  const masked =
    (f: (x: Tensor2D, mask: Tensor2D) => Tensor) =>
    (x: Tensor2D): Tensor =>
      f(x, tensor2d(mask));

  it('log-sum-exp does not overflow, and does not see what the mask leaves out', async () => {
    const x = [
      [1000, Infinity, 999],
      [5, -Infinity, 1e30],
    ];
    const soft = 1 / (1 + Math.exp(-1));
    const value = 1000 + Math.log(1 + Math.exp(-1));
    const slope = [soft, 0, 1 - soft, 0, 0, 0];
    expectNear(await both(x, masked(maskedLogSumExp), [1, 1]), [value, 0], slope);
    expectNear(await both(x, masked(logOnePlusSumExp), [1, 1]), [value, 0], slope);
  });

  it('square root and length have slope 0 at 0', async () => {
    expectNear(await both([[0, 4]], safeSqrt, [1, 1]), [0, 2], [0, 0.25]);
    expectNear(
      await both(
        [
          [0, 0],
          [3, 4],
        ],
        (x) => sum(l2Normalize(x), 1),
        [1, 1],
      ),
      [0, 1.4],
      [0, 0, 0.032, -0.024],
    );
  });

  it('picking takes one entry and its slope', async () => {
    const columns = tensor1d([2, 0], 'int32');
    expectNear(
      await both(
        [
          [1, 2, 3],
          [4, 5, Infinity],
        ],
        (x) => pick(x, columns),
        [10, 20],
      ),
      [3, 4],
      [0, 0, 10, 20, 0, 0],
    );
  });

  it('the largest and the smallest are found inside the mask, the first of equals', async () => {
    const x = tensor2d([
      [-5, 9, -5],
      [1, 2, 3],
    ]);
    expect([...(await maskedArgMax(x, tensor2d(mask)).data())]).toEqual([0, 0]);
    expect([...(await maskedArgMin(x, tensor2d(mask)).data())]).toEqual([0, 0]);
  });
});
