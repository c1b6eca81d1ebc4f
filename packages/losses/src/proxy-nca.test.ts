import { testClassLoss, type ClassBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { dot, logSumExp } from '../test/class-oracle.ts';
import golden from './proxy-nca.golden.json' with { type: 'json' };
import { proxyNca, type ProxyNcaOptions } from './proxy-nca.ts';

type Options = Pick<ProxyNcaOptions, 'scale' | 'denominator'>;

/** By the squared distances themselves. */
function oracle({ labels, rows, weights }: ClassBatch, { scale = 1, denominator = 'others' }: Options): number {
  const unit = (row: readonly number[]): number[] => row.map((x) => x / Math.sqrt(dot(row, row)));
  const costs = labels.map((label, i) => {
    const row = unit(rows[i]!);
    const distances = weights.map((weight) => unit(weight).reduce((sum, x, k) => sum + (x - row[k]!) ** 2, 0));
    const against = distances.filter((_, j) => denominator === 'all' || j !== label);
    return scale * distances[label]! + logSumExp(against.map((d) => -scale * d));
  });
  return costs.reduce((total, cost) => total + cost, 0) / costs.length;
}

const axes = [
  [1, 0],
  [0, 2],
  [0, -1],
];

const suite = {
  oracle,
  worked: [
    // Squared distances: 0 to the own proxy, 2 to each other one: 0 + log(2 e^−2).
    { labels: [0], rows: [[3, 0]], weights: axes, value: Math.log(2) - 2 },
    // With its own: log(1 + 2 e^−4) at scale 2.
    {
      options: { scale: 2, denominator: 'all' } as Options,
      labels: [0],
      rows: [[3, 0]],
      weights: axes,
      value: Math.log(1 + 2 * Math.exp(-4)),
    },
  ],
  backends: ['cpu', 'wasm'] as const,
};

testClassLoss<Options>('proxy-nca', proxyNca, { ...suite, options: [{ scale: 3 }], nonNegative: false }, { test });
testClassLoss<Options>(
  'proxy-nca over all proxies',
  proxyNca,
  { ...suite, options: [{ denominator: 'all' }], golden: golden.cases as never },
  { test },
);

test('proxy-nca says what is wrong with an option', () => {
  expect(() => proxyNca({ classes: 2, dimension: 2, scale: -1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: proxy-nca: scale must be a finite number above 0, but got -1. Leave scale out to use the default. [ERR_OPTION]]`,
  );
  // @ts-expect-error another word
  expect(() => proxyNca({ classes: 2, dimension: 2, denominator: 'own' })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: proxy-nca: denominator must be one of 'others', 'all', but got 'own'. Leave denominator out to use the default. [ERR_OPTION]]`,
  );
});
