import { testViewLoss, type ViewBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { memory, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { cosineOf, goldenViews } from '../test/views.ts';
import { sigLip, type SigLipOptions } from './sig-lip.ts';
import golden from './sig-lip.golden.json' with { type: 'json' };

/** Algorithm 1 by loops over all pairs. */
function oracle(
  { first, second }: ViewBatch,
  { temperature = 0.1, bias = -10 }: SigLipOptions,
  [logScale, learned]: readonly (readonly number[])[],
): number {
  const scale = logScale ? Math.exp(logScale[0]!) : 1 / temperature;
  let total = 0;
  first.forEach((row, i) => {
    second.forEach((other, j) => {
      const x = (i === j ? -1 : 1) * (scale * cosineOf(row, other) + (learned?.[0] ?? bias));
      total += Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    });
  });
  return total / first.length;
}

testViewLoss(
  'sig-lip',
  sigLip,
  {
    oracle,
    worked: [
      // Each pair at logit 1: log(1 + 1/e); each other at 0: log 2.
      {
        options: { temperature: 1, bias: 0 },
        first: [
          [1, 0],
          [0, 1],
        ],
        second: [
          [2, 0],
          [0, 2],
        ],
        value: Math.log1p(1 / Math.E) + Math.LN2,
      },
      // One pair at 10 · 1 − 10.
      { first: [[1]], second: [[3]], value: Math.LN2 },
    ],
    options: [{}, { temperature: 0.5, bias: 0.3 }, { temperature: 0.2, bias: -1, learn: false }],
    golden: goldenViews<SigLipOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

test('sigLip owns a scale and a bias, frees them, and then says so', () => {
  const before = memory().numTensors;
  const loss = sigLip({ temperature: 0.5, bias: -3 });
  const numbers = loss.variables!.map((variable) => variable.dataSync()[0]!);
  expect(numbers[0]).toBeCloseTo(Math.LN2, 6);
  expect(numbers[1]).toBe(-3);
  expect(loss.options).toEqual({ temperature: 0.5, bias: -3, learn: true });
  expect(loss.distance!.name).toBe('cosine');
  loss.dispose!();
  loss.dispose!();
  expect(memory().numTensors).toBe(before);
  const row = tensor2d([[1]]);
  expect(() => loss(row, row)).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sig-lip: the loss must still have its own numbers. It was disposed of: make a new one. [ERR_STATE]]`,
  );
});

test('sigLip says what is wrong with an option', () => {
  expect(() => sigLip({ temperature: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sig-lip: temperature must be a finite number above 0, but got 0. Leave temperature out to use the default. [ERR_OPTION]]`,
  );
  expect(() => sigLip({ bias: NaN })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sig-lip: bias must be a finite number, but got NaN. Leave bias out to use the default. [ERR_OPTION]]`,
  );
  expect(() => sigLip({ learn: 'yes' as never })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sig-lip: learn must be one of true, false, but got 'yes'. Leave learn out to use the default. [ERR_OPTION]]`,
  );
  // @ts-expect-error a misspelt option
  expect(() => sigLip({ scale: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: sig-lip: options are temperature, bias, learn, but got 'scale'. Check the spelling. [ERR_OPTION]]`,
  );
});
