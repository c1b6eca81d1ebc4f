import { lossChecks } from '@simile/testing';
import { defineLoss, type Loss } from '@simile/core';
import { add } from '@simile/core/ops';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { readFailure } from './failed-batch.ts';
import { loss, test as lossTest, type Options } from './programs/loss.ts';

/** The loss of the template, a tenth too large. */
const tooLarge = (options?: Options): Loss =>
  defineLoss('too-large', {}, (labels, rows, reference) => add(loss(options)(labels, rows, reference), 0.1));

const detailOf = async (name: string): Promise<string> => {
  const checks = lossChecks(tooLarge, { ...lossTest, options: [{}], backends: ['cpu'] });
  const { outcome, detail } = await checks.find((check) => check.name === name)!.run();
  expect(outcome).toBe('failed');
  return detail;
};

test('what a check of the suite says is read: a sentence and the batch', async () => {
  const { sentence, batch } = readFailure(await detailOf('gives the value worked out on paper, case 1'));
  expect(sentence).toMatch(/^the value is 9\.1\d* in place of 9$/);
  expect(batch).toEqual({ name: 'paper 1', labels: [0, 0, 1], rows: [[0], [2], [3]] });
});

test('a batch of rows of many numbers is read as it is', async () => {
  const { batch } = readFailure(await detailOf('agrees with the oracle'));
  expect(batch!.name).toBe('balanced');
  expect(batch!.labels).toHaveLength(12);
  expect(batch!.rows.map((row) => row.length)).toEqual(Array.from({ length: 12 }, () => 5));
});

test('a reference comes with it', () => {
  const detail =
    'the value is 1 in place of 2; batch “b”: labels [0], rows [[1,-2e-5]]; reference: labels [1,0], rows [[3,4],[5,6]]';
  expect(readFailure(detail)).toEqual({
    sentence: 'the value is 1 in place of 2',
    batch: {
      name: 'b',
      labels: [0],
      rows: [[1, -2e-5]],
      reference: {
        labels: [1, 0],
        rows: [
          [3, 4],
          [5, 6],
        ],
      },
    },
  });
});

test.each([
  'it threw TypeError: rows is undefined',
  'the value is NaN in place of 1; batch “wide”: labels [0,1], rows [8, 33]', // too large to be printed
  'the value is 1; batch “b”: labels [0, rows [[1]]',
  '',
])('what is no batch in full stays a sentence: %s', (detail) => {
  expect(readFailure(detail)).toEqual({ sentence: detail });
});
