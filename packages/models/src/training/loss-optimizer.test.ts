import { defineLoss } from '@simile/core';
import '@tensorflow/tfjs-backend-cpu';
import { mean, scalar, train, variable, type Scalar } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { chooseLossOptimizer } from './loss-optimizer.ts';

const loss = defineLoss('own', {}, (_, embeddings) => mean(embeddings) as Scalar, { variables: [variable(scalar(1))] });

test('is none where nothing was asked for', () => {
  expect(chooseLossOptimizer('here', { loss })).toBeUndefined();
  expect(chooseLossOptimizer('here', { loss, optimizer: 'sgd', learningRate: 0.1 })).toBeUndefined();
});

test('is of the kind of that of the network where only a rate is given, and adam beside one of tfjs', async () => {
  const nameOf = async (options: Omit<Parameters<typeof chooseLossOptimizer>[1], 'loss'>): Promise<string> => {
    const made = await chooseLossOptimizer('here', { loss, ...options })!.optimizer();
    return made.getClassName();
  };
  expect(await nameOf({ lossLearningRate: 0.1 })).toBe('Adam');
  expect(await nameOf({ optimizer: 'sgd', lossLearningRate: 0.1 })).toBe('SGD');
  const network = train.sgd(0.1);
  expect(await nameOf({ optimizer: network, lossLearningRate: 0.1 })).toBe('Adam');
  expect(await nameOf({ optimizer: network, lossOptimizer: 'sgd' })).toBe('SGD');
  network.dispose();
});
