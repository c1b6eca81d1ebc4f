import {
  defineDistance,
  logOnePlusSumExp,
  maskedArgMax,
  maskedArgMin,
  pairMasks,
  pairMatrix,
  pick,
  predicate,
  rowHasAny,
  sumOfValid,
} from '@simile/core';
import { mul, scalar, tensor1d, tensor2d, tidy, valueAndGrad, type Tensor, type Tensor2D } from '@simile/core/ops';
import { tripletMargin } from '@simile/losses';
import { inputOf, labelsOf, type GoldenCase } from '../golden-case.ts';
import type { Outcome } from '../runner.ts';
import { matrixOf, numbers } from './tensor-inputs.ts';

/** `algebra/masks`: pairs of queries and keys; where the diagonal is removed, row i is no positive of key i. */
export function masks(golden: GoldenCase): Outcome {
  const [queries, keys] = [labelsOf(golden, 'queryLabels'), labelsOf(golden, 'keyLabels')];
  const own = golden.options['removeDiagonal'] !== false;
  const alike = queries.length === keys.length && queries.every((label, i) => label === keys[i]);
  const [positive, negative] = tidy(() => {
    if (own && alike) {
      const found = pairMasks(tensor1d(queries, 'int32'), queries.length);
      return [found.positive, found.negative];
    }
    const numbered = (labels: number[]): { label: number; at: number }[] => labels.map((label, at) => ({ label, at }));
    type One = ReturnType<typeof numbered>[number];
    const same = (a: One, b: One): boolean | undefined =>
      a.label !== b.label ? false : own && a.at === b.at ? undefined : true;
    const found = own
      ? pairMasks(predicate(numbered(queries), same), queries.length, {
          labels: predicate(numbered(keys), same),
          rows: keys.length,
        })
      : pairMasks(tensor1d(queries, 'int32'), queries.length, { labels: tensor1d(keys, 'int32'), rows: keys.length });
    return [found.positive, found.negative];
  });
  const [p, n] = numbers(positive!, negative!);
  return { got: { positive: p, negative: n } };
}

/** `algebra/masked-max` and `algebra/masked-min`: a row whose mask is empty has neither value nor index here. */
export function maskedExtreme(golden: GoldenCase): Outcome {
  const choose = golden.unit.endsWith('max') ? maskedArgMax : maskedArgMin;
  const [values, mask] = [matrixOf(golden, 'values'), matrixOf(golden, 'mask')];
  const results = tidy(() => {
    const columns = choose(values, mask);
    return [columns, pick(values, columns), rowHasAny(mask)] as Tensor[];
  });
  const [indices, found, valid] = numbers(...results);
  values.dispose();
  mask.dispose();
  const { expected, expectedFixed = {} } = golden;
  return {
    got: { indices, values: found, valid },
    wanted: onlyValid({ ...expected, ...expectedFixed }, { indices, values: found }, valid!),
  };
}

/** `algebra/logsumexp1`: log(1 + Σ exp) under a mask. */
export function logSumExp(golden: GoldenCase): Outcome {
  const [values, mask] = [matrixOf(golden, 'values'), matrixOf(golden, 'mask')];
  const [found] = numbers(logOnePlusSumExp(values, mask));
  values.dispose();
  mask.dispose();
  return { got: { values: found } };
}

/**
 * `mining/*`: which distance a strategy picks. The public way to it is a triplet loss over a distance that is given: the
 * gradient by the distances points at the pair. A column is added for the other side of the triplet, which the mining of this
 * side needs to be there; semi-hard negatives need the anchor's own positives.
 */
export function mined(golden: GoldenCase): Outcome {
  const [side, ...rest] = golden.unit.split('/')[1]!.split('-') as ['positive' | 'negative', ...string[]];
  const strategy = rest.join('-') as 'hard' | 'easy' | 'semi-hard';
  const semiHard = strategy === 'semi-hard';
  const labels = labelsOf(golden, 'labels');
  const { data } = inputOf(golden, 'distances');
  const n = labels.length;
  const width = n + 1;
  const other = side === 'positive' ? 0 : semiHard ? -1 : 1;
  const relation = tensor2d(
    labels
      .map((a, i) => [...labels.map((b, j) => (i === j ? -1 : a === b ? 1 : 0)), other])
      .map((row) =>
        // Of the own side all pairs count; of the other side the added column alone, except for semi-hard.
        row.map((x, j) => (j === n || semiHard || x === (side === 'positive' ? 1 : 0) ? x : -1)),
      ),
  );
  const distances = tensor2d(Array.from({ length: n }, (_, i) => [...data.subarray(i * n, i * n + n), 0]));
  const loss = tripletMargin({
    margin: 1e6, // so that no hinge is closed
    distance: defineDistance('given', (a) => mul(a, scalar(1)) as Tensor2D),
    positives: side === 'positive' ? (strategy as 'hard' | 'easy') : 'hard',
    negatives: side === 'negative' ? strategy : 'hard',
    reduce: sumOfValid,
  });
  const reference = {
    labels: pairMatrix(tensor2d(new Float32Array(width), [width, 1])),
    embeddings: tensor2d(new Float32Array(width * width), [width, width]),
  };
  const { value, grad } = valueAndGrad((x: Tensor) => loss(pairMatrix(relation), x as Tensor2D, reference))(distances);
  const [slopes] = numbers(grad, value);
  for (const made of [relation, distances, reference.labels.matrix, reference.embeddings]) made.dispose();

  const sign = side === 'positive' ? 1 : -1;
  const indices = Array.from({ length: n }, (_, i) =>
    slopes!.subarray(i * width, i * width + n).findIndex((x) => Math.sign(x) === sign),
  );
  const valid = indices.map((at) => Number(at >= 0));
  const got = { indices, values: indices.map((at, i) => data[i * n + at] ?? 0), valid };
  return { got, wanted: onlyValid({ ...golden.expected, ...golden.expectedFixed }, got, valid) };
}

/** Expected numbers of the rows that have an entry; the others, invented by theirs, stand for themselves. */
function onlyValid(
  expected: Readonly<Record<string, unknown>>,
  got: Readonly<Record<string, ArrayLike<number> | undefined>>,
  valid: ArrayLike<number>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(got)
      .filter(([key]) => key !== 'valid' && key in expected)
      .map(([key, ours]) => [
        key,
        (expected[key] as { data: number[] }).data.map((x, i) => (valid[i] ? x : Number(ours![i]))),
      ]),
  );
}
