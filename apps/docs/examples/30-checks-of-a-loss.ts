// Checks of a loss: what is wrong with it
// The suite that our losses pass runs on one of yours: on paper, against a plain loop, gradients, edges, leaks, errors.
import { defineLoss, meanOfPositive, pairMasks, type Loss } from '@simile/core';
import { mul, relu, reshape, square, sub, type Tensor1D } from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import { lossChecks, type LossOracleInput } from '@simile/testing';

/** Mean of (margin − d)² over negative pairs nearer than the margin. */
function push({ margin = 1, broken = false } = {}): Loss {
  const distance = euclidean();
  return defineLoss(
    'push',
    { margin },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const columns = reference && { labels: reference.labels, rows: reference.embeddings.shape[0] };
      const { negative } = pairMasks(labels, embeddings.shape[0], columns); // [n, m]
      const lack = broken ? sub(margin, d) : relu(sub(margin, d)); // far pairs must cost nothing
      const costs = reshape(mul(square(lack), negative), [-1]) as Tensor1D;
      return meanOfPositive(costs, reshape(negative, [-1]) as Tensor1D);
    },
    { distance },
  );
}

/** The same in plain loops, sharing no code with it. */
function oracle({ rows, columns, same }: LossOracleInput): number {
  const costs = rows.flatMap((a, i) =>
    columns.flatMap((b, j) => {
      const lack = 1 - Math.hypot(...a.map((value, k) => value - b[k]!));
      return same(i, j) === false && lack > 0 ? [lack ** 2] : [];
    }),
  );
  return costs.length === 0 ? 0 : costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}

const worked = [{ labels: [0, 1, 1], rows: [[0], [0.5], [3]], value: 0.25 }];
for (const broken of [false, true]) {
  const failed: string[] = [];
  const checks = lossChecks(() => push({ broken }), { oracle, worked, backends: ['cpu'] });
  for (const { name, run } of checks) if ((await run()).outcome === 'failed') failed.push(name);
  console.log(broken ? 'broken' : 'right', failed.length > 0); // → right false broken true
  console.log(failed.slice(0, 3).join('; '));
}
