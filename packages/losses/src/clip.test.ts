import { sumOfValid } from '@simile/core';
import { testViewLoss, type ViewBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { memory, scalar, setBackend, tensor2d, tidy, variableGrads } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { column, cosineOf, goldenViews, logSumExp } from '../test/views.ts';
import { clip, type ClipOptions } from './clip.ts';
import golden from './clip.golden.json' with { type: 'json' };

/** Figure 3 by loops over both directions. */
function oracle(
  { first, second }: ViewBatch,
  { temperature = 0.07, reduce }: ClipOptions,
  [learned]: readonly (readonly number[])[],
): number {
  const scale = learned ? Math.exp(learned[0]!) : 1 / temperature;
  const logits = first.map((row) => second.map((other) => scale * cosineOf(row, other)));
  const costs = logits.map((row, i) => (logSumExp(row) + logSumExp(column(logits, i))) / 2 - row[i]!);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return reduce === sumOfValid ? total : total / costs.length;
}

testViewLoss(
  'clip',
  clip,
  {
    oracle,
    worked: [
      // Each side: its pair at s = 1, another at 0: log(e + 1) − 1.
      {
        options: { temperature: 1 },
        first: [
          [1, 0],
          [0, 1],
        ],
        second: [
          [2, 0],
          [0, 2],
        ],
        value: Math.log1p(1 / Math.E),
      },
      // Both texts point the way of the first image. Images choose among equals: log 2. The first text: log(1 + e^−2); the
      // second, whose image is opposite: log(1 + e^2).
      {
        options: { temperature: 1 },
        first: [[1], [-1]],
        second: [[1], [1]],
        value: (2 * Math.LN2 + Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(2))) / 4,
      },
    ],
    options: [{}, { temperature: 0.5, reduce: sumOfValid }, { temperature: 0.3, learn: false }],
    golden: goldenViews<ClipOptions>(golden.cases),
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

describe('the temperature of clip', () => {
  test('is 0.07 to begin with', () => {
    const loss = clip();
    expect(loss.variables![0]!.dataSync()[0]).toBeCloseTo(Math.log(1 / 0.07), 5);
    expect(loss.options['temperature']).toBe(0.07);
    loss.dispose!();
  });

  const [images, texts] = [
    tensor2d([
      [1, 0],
      [0.6, 0.8],
    ]),
    tensor2d([
      [0.8, 0.6],
      [0, 1],
    ]),
  ];

  test('does not fall below the least, and can rise again from there', () => {
    const loss = clip({ temperature: 0.5, leastTemperature: 0.25 });
    const [own] = loss.variables!;
    own!.assign(scalar(5)); // where a step that was too long might have left it: a temperature of 0.007
    const { grads } = variableGrads(() => loss(images, texts), [own!]);
    expect(own!.dataSync()[0]).toBeCloseTo(Math.log(4), 6);
    // Of (log Σ both ways) / 2 − s_ii by log 1/τ; the second pair, at 0.8 beside 0.96 and 0.6, is not yet told apart.
    const value = (logScale: number): number =>
      oracle(
        {
          first: [
            [1, 0],
            [0.6, 0.8],
          ],
          second: [
            [0.8, 0.6],
            [0, 1],
          ],
        },
        {},
        [[logScale]],
      );
    const slope = (value(Math.log(4) + 1e-6) - value(Math.log(4) - 1e-6)) / 2e-6;
    expect(grads[own!.name]!.dataSync()[0]).toBeCloseTo(slope, 4);
    loss.dispose!();
  });

  test('is fixed where it is not to be learnt', () => {
    const loss = clip({ temperature: 0.5, learn: false });
    expect([loss.variables, loss.state]).toEqual([undefined, undefined]);
    loss.dispose!();
  });

  test('is freed by dispose, twice or once, and the loss then says so', () => {
    const before = memory().numTensors;
    const loss = clip();
    loss.dispose!();
    loss.dispose!();
    expect(memory().numTensors).toBe(before);
    expect(() => tidy(() => loss(images, texts))).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: clip: the loss must still have its own numbers. It was disposed of: make a new one. [ERR_STATE]]`,
    );
  });
});

test('clip has its distance, and tells its options', () => {
  const loss = clip({ temperature: 0.1 });
  expect(loss.distance!.name).toBe('cosine');
  expect(loss.options).toEqual({ temperature: 0.1, leastTemperature: 0.01, learn: true });
  loss.dispose!();
});

test('clip says what is wrong with an option', () => {
  expect(() => clip({ temperature: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: clip: temperature must be a finite number above 0, but got 0. Leave temperature out to use the default. [ERR_OPTION]]`,
  );
  expect(() => clip({ leastTemperature: -1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: clip: leastTemperature must be a finite number above 0, but got -1. Leave leastTemperature out to use the default. [ERR_OPTION]]`,
  );
  expect(() => clip({ learn: 1 as never })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: clip: learn must be one of true, false, but got 1. Leave learn out to use the default. [ERR_OPTION]]`,
  );
  // @ts-expect-error a misspelt option
  expect(() => clip({ scale: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: clip: options are temperature, leastTemperature, learn, reduce, but got 'scale'. Check the spelling. [ERR_OPTION]]`,
  );
});
