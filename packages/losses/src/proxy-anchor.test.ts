import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { cosineOf } from '../test/class-oracle.ts';
import golden from './proxy-anchor.golden.json' with { type: 'json' };
import { proxyAnchor } from './proxy-anchor.ts';

interface Options {
  margin?: number;
  alpha?: number;
}

/** Proxy after proxy. */
function oracle({ labels, rows, weights }: ClassBatch, { margin = 0.1, alpha = 32 }: Options): number {
  let [pull, push] = [0, 0];
  weights.forEach((proxy, c) => {
    let [near, far] = [1, 1];
    rows.forEach((row, i) => {
      const s = cosineOf(row, proxy);
      if (labels[i] === c) near += Math.exp(-alpha * (s - margin));
      else far += Math.exp(alpha * (s + margin));
    });
    pull += Math.log(near);
    push += Math.log(far);
  });
  return pull / new Set(labels).size + push / weights.length;
}

testClassLoss<Options>(
  'proxy-anchor',
  proxyAnchor,
  {
    oracle,
    worked: [
      // Proxy 0: one positive at s = 1. Proxies 1 and 2: one negative at s = 0 each; margin 0.5, alpha 2.
      {
        options: { margin: 0.5, alpha: 2 },
        labels: [0],
        rows: [[3, 0]],
        weights: [
          [1, 0],
          [0, 2],
          [0, -1],
        ],
        value: Math.log(1 + Math.exp(-1)) + (2 * Math.log(1 + Math.E)) / 3,
      },
    ],
    options: [{}, { margin: 0, alpha: 4 }],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

test('proxy-anchor says what is wrong with an option', () => {
  const make = (options: Options) => () => proxyAnchor({ classes: 2, dimension: 2, ...options });
  expect(make({ margin: NaN })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: proxy-anchor: margin must be a finite number, but got NaN. Leave margin out to use the default. [ERR_OPTION]]`,
  );
  expect(make({ alpha: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: proxy-anchor: alpha must be a finite number above 0, but got 0. Leave alpha out to use the default. [ERR_OPTION]]`,
  );
});
