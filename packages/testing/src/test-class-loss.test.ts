import { classIds, defineLoss, pointers } from '@simile/core';
import { matMul, mean, mul, sub, sum, tensor2d, variable, type Scalar, type Tensor2D } from '@simile/core/ops';
import { expect, test } from 'vitest';
import type { ClassLossTest, GivenWeights } from './class-loss-checks.ts';
import { testClassLoss } from './test-class-loss.ts';

/** Mean over rows of 1 − x·w of the own class. */
const away = ({ classes, weights: given }: GivenWeights): ReturnType<typeof defineLoss> => {
  const weights = variable(tensor2d(given.map((row) => [...row])));
  return defineLoss(
    'away',
    {},
    (labels, x) => {
      const own = matMul(pointers(classIds('away', labels, x.shape[0]), classes) as Tensor2D, weights);
      return mean(sub(1, sum(mul(x, own), 1))) as Scalar;
    },
    { variables: [weights], dispose: () => weights.dispose() },
  );
};

const classLossTest: ClassLossTest<object> = {
  oracle: ({ labels, rows, weights }) =>
    labels.reduce(
      (total, label, i) => total + 1 - rows[i]!.reduce((sum, x, k) => sum + x * weights[label]![k]!, 0),
      0,
    ) / labels.length,
  worked: [{ labels: [1], rows: [[2]], weights: [[7], [3]], value: -5 }],
  backends: ['cpu'],
};

test('registers each check as a test under the name of the loss', async () => {
  const tests = new Map<string, (context: unknown) => Promise<void>>();
  testClassLoss('away', away, classLossTest, { test: (name, run) => tests.set(name, run) });
  expect(tests.has('away on cpu: gives the value worked out on paper, case 1')).toBe(true);
  await tests.get('away on cpu: gives the value worked out on paper, case 1')!(undefined);
  await tests.get('away on cpu: agrees with the oracle')!(undefined);
  await expect(tests.get('away on cpu: is never below 0')!(undefined)).rejects.toThrow('below 0');
});
