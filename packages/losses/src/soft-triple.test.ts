import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { cosineOf, meanCrossEntropy } from '../test/class-oracle.ts';
import golden from './soft-triple.golden.json' with { type: 'json' };
import { softTriple, type SoftTripleOptions } from './soft-triple.ts';

type Options = Pick<SoftTripleOptions, 'centersPerClass' | 'lambda' | 'gamma' | 'margin' | 'tau'>;

function oracle({ labels, rows, weights }: ClassBatch, options: Options): number {
  const { centersPerClass: count = 10, lambda = 20, gamma = 0.1, margin = 0.01, tau = 0.2 } = options;
  const classes = weights.length / count;
  const cost = meanCrossEntropy(labels, (i, label) => {
    const logits: number[] = [];
    for (let c = 0; c < classes; c++) {
      let [weighted, total] = [0, 0];
      for (let k = 0; k < count; k++) {
        const s = cosineOf(rows[i]!, weights[c * count + k]!);
        weighted += s * Math.exp(s / gamma);
        total += Math.exp(s / gamma);
      }
      logits.push(lambda * (weighted / total - (c === label ? margin : 0)));
    }
    return logits;
  });
  let apart = 0;
  for (let c = 0; c < classes; c++) {
    for (let k = 0; k < count; k++) {
      for (let l = k + 1; l < count; l++) {
        apart += Math.sqrt(2 - 2 * cosineOf(weights[c * count + k]!, weights[c * count + l]!));
      }
    }
  }
  return cost + (count === 1 ? 0 : (tau * apart) / (classes * count * (count - 1)));
}

testClassLoss<Options>(
  'soft-triple',
  softTriple,
  {
    oracle,
    rowsPerClass: ({ centersPerClass = 10 }) => centersPerClass,
    worked: [
      // Centers of a class agree: S is 1 and 0, and nothing lies between them.
      {
        options: { centersPerClass: 2, lambda: 1, margin: 0.5 },
        labels: [0],
        rows: [[3, 0]],
        weights: [
          [1, 0],
          [2, 0],
          [0, 1],
          [0, 3],
        ],
        value: Math.log(1 + Math.exp(-0.5)),
      },
      // Opposite centers of class 0: S = (e − e^−1)/(e + e^−1) = tanh 1. Those of class 1 both have s = 0. Distances 2 and 2, of
      // 2·2·1 in all, at tau 0.5: 0.5.
      {
        options: { centersPerClass: 2, lambda: 1, margin: 0, gamma: 1, tau: 0.5 },
        labels: [0],
        rows: [[3, 0]],
        weights: [
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -3],
        ],
        value: Math.log(1 + Math.exp(-Math.tanh(1))) + 0.5,
      },
    ],
    options: [
      { centersPerClass: 3 },
      { centersPerClass: 2, lambda: 5, gamma: 0.5, margin: 0.2, tau: 2 },
      { centersPerClass: 1 },
    ],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('soft-triple has the defaults of the paper, and says what is wrong with an option', () => {
  const make = (options: Options) => () => softTriple({ classes: 2, dimension: 2, ...options });
  expect(make({})().options).toMatchObject({ centersPerClass: 10, lambda: 20, gamma: 0.1, margin: 0.01, tau: 0.2 });
  expect(make({})().variables![0]!.shape).toEqual([20, 2]);
  expect(make({ centersPerClass: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: soft-triple: centersPerClass must be a whole number of at least 1, but got 0. Leave centersPerClass out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ gamma: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: soft-triple: gamma must be a finite number above 0, but got 0. Leave gamma out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ tau: -1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: soft-triple: tau must be a finite number, 0 or more, but got -1. Leave tau out to use the default. [ERR_OPTION]]`,
  );
});
