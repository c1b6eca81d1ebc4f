import type { ViewLoss } from '@simile/core';
import { testViewLoss, type ViewBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { cosineOf, goldenViews, logSumExp, mean } from '../test/views.ts';
import { margin } from './margin.ts';
import { multipleNegativesRanking } from './multiple-negatives-ranking.ts';
import golden from './self-supervised.golden.json' with { type: 'json' };
import { selfSupervised } from './self-supervised.ts';

interface Options {
  scale?: number;
  symmetric?: boolean;
}

const make = ({ scale = 5, ...options }: Options = {}): ViewLoss =>
  selfSupervised({ loss: multipleNegativesRanking({ scale }), ...options });

/** Cross entropy of finding the other view, among the rows of both or among those of the second alone, by loops. */
function oracle({ first, second }: ViewBatch, { scale = 5, symmetric = true }: Options): number {
  const rows = symmetric ? [...first, ...second] : first;
  const columns = symmetric ? rows : second;
  const n = first.length;
  return mean(
    rows.map((row, i) => {
      const logits = columns.map((other) => scale * cosineOf(row, other));
      const other = symmetric ? (i + n) % (2 * n) : i;
      return logSumExp(logits.filter((_, j) => !symmetric || j !== i)) - logits[other]!;
    }),
  );
}

const twoItems = {
  first: [
    [1, 0],
    [0, 1],
  ],
  second: [
    [2, 0],
    [0, 2],
  ],
};

for (const symmetric of [true, false]) {
  testViewLoss(
    `self-supervised, symmetric ${symmetric}`,
    make,
    {
      oracle,
      worked: [
        // The other view at s = 1 beside two others at 0, or beside one.
        { ...twoItems, options: { scale: 1, symmetric }, value: Math.log1p((symmetric ? 2 : 1) / Math.E) },
        { first: [[1]], second: [[-1]], options: { symmetric }, value: 0 },
      ],
      options: [{ symmetric }],
      golden: goldenViews<Options>(golden.cases).filter(({ options }) => options!.symmetric === symmetric),
      symmetric,
      backends: ['cpu', 'wasm'],
    },
    { test },
  );
}

beforeAll(() => setBackend('cpu'));

describe('selfSupervised', () => {
  test('has the parts of its loss, and tells its options', () => {
    const before = memory().numTensors;
    const inner = margin({ learnBeta: true });
    const loss = selfSupervised({ loss: inner });
    expect(loss.variables).toEqual(inner.variables);
    expect(loss.distance).toBe(inner.distance);
    expect([loss.options, loss.takesTargets]).toEqual([{ loss: 'margin', symmetric: true }, false]);
    loss.dispose!();
    expect(memory().numTensors).toBe(before);
  });

  test('says what is wrong with an option', () => {
    expect(() => selfSupervised({ loss: undefined as never })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: self-supervised: loss must be a loss, such as multiSimilarity(). Pass what its factory returns. [ERR_OPTION]]`,
    );
    expect(() => selfSupervised({ loss: margin(), symmetric: 1 as never })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: self-supervised: symmetric must be one of true, false, but got 1. Leave symmetric out to use the default. [ERR_OPTION]]`,
    );
    // @ts-expect-error a misspelt option
    expect(() => selfSupervised({ loss: margin(), symmetrical: true })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: self-supervised: options are loss, symmetric, but got 'symmetrical'. Check the spelling. [ERR_OPTION]]`,
    );
  });
});
