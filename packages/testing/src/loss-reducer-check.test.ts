import { defineLoss, meanOfValid, pairMasks, type CostSource, type Loss, type Reducer } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { matMul, relu, reshape, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { expect, test } from 'vitest';
import { lossChecks } from './loss-checks.ts';

interface Options {
  reduce?: Reducer;
}

/** Mean inner product of the positive pairs, which tells its reducer what `told` makes of it. */
const pull =
  (told: (source: CostSource, columns: number) => CostSource, known = ['reduce']) =>
  (options: Options = {}): Loss => {
    const { reduce = meanOfValid } = options;
    return defineLoss('pull', {}, (labels, x, reference) => {
      const d = matMul(x, reference?.embeddings ?? x, false, true) as Tensor2D;
      const others = reference && { labels: reference.labels, rows: d.shape[1] };
      const { positive } = pairMasks(labels, d.shape[0], others);
      const source = told({ labels, rows: d.shape[0] }, d.shape[1]);
      const flat = (each: Tensor2D): Tensor1D => reshape(each, [-1]) as Tensor1D;
      return reduce(relu(flat(d)), flat(positive), known.length > 0 ? source : undefined);
    });
  };

async function outcomeOf(make: (options?: Options) => Loss): Promise<string> {
  const checks = lossChecks(make, { oracle: () => 0, worked: [], backends: ['cpu'] });
  const { outcome, detail } = await checks.find(({ name }) => name === 'tells its reducer whose each cost is')!.run();
  return detail.split(';')[0] || outcome;
}

test('sees rows of the reference in place of those of the batch, and anchors that are none', async () => {
  expect(await outcomeOf(pull((source) => source))).toBe('passed');
  expect(await outcomeOf(pull((source) => source, []))).toBe('passed');
  expect(await outcomeOf(pull((source, columns) => ({ ...source, rows: columns })))).toMatch(
    /^the reducer is given \d+ costs, \d+ of valid, and \d+ rows$/,
  );
  const anchors = ({ rows }: CostSource, columns: number, beyond: number): Int32Array =>
    Int32Array.from({ length: rows * columns }, (_, at) => Math.floor(at / columns) + beyond);
  const withAnchors = (beyond: number): ((options?: Options) => Loss) =>
    pull((source, columns) => ({ ...source, anchors: anchors(source, columns, beyond) }));
  expect(await outcomeOf(withAnchors(0))).toBe('passed');
  expect(await outcomeOf(withAnchors(1))).toMatch(/anchors of \d+ up to \d+$/);
});

test('passes a loss that takes no reducer', async () => {
  const make = (options: Options = {}): Loss => {
    if ('reduce' in options)
      throw new SimileError({
        where: 'pull',
        rule: 'it has no options',
        remedy: 'Leave them out.',
        code: 'ERR_OPTION',
      });
    return pull((source) => source)();
  };
  expect(await outcomeOf(make)).toBe('passed');
});
