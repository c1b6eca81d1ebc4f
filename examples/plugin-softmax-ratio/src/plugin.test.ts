import { createRegistry } from '@simile/core';
import { sliceItems, type LabelledItems } from '@simile/core/items';
import { tensor1d, tensor2d } from '@simile/core/ops';
import { mnist } from '@simile/datasets';
import { lossesPlugin } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helloWorld, simileRecipe } from 'simile/hello-world';
import { plugin } from './index.ts';

const registry = createRegistry([lossesPlugin, plugin]);

test('a registry has the loss beside those of Simile, by its id', () => {
  assert.ok(registry.ids('losses').includes('softmax-ratio') && registry.ids('losses').includes('triplet-margin'));
  const value = registry.loss('softmax-ratio')(tensor1d([0, 0, 1]), tensor2d([[0], [1], [3]]));
  assert.equal(value.dataSync()[0]!.toFixed(4), '0.0433');
});

test('the hello world trains with it', async () => {
  const first = (
    { x, labels }: LabelledItems<Uint8Array>,
    count: number,
  ): LabelledItems<Uint8Array> & { labels: Int32Array } => ({
    x: sliceItems(x, 0, count),
    labels: Int32Array.from(labels).slice(0, count),
  });
  const [train, testing] = await Promise.all([mnist({ split: 'train' }), mnist({ split: 'test' })]);
  const recipe = {
    ...simileRecipe,
    name: 'softmax-ratio',
    about: 'ours, with the softmax ratio',
    loss: registry.loss('softmax-ratio'),
  };
  const { figures, history, model } = await helloWorld({
    train: first(train, 3000),
    test: first(testing, 300),
    recipe,
    steps: 24,
  });
  const mean = (losses: readonly number[]): number => losses.reduce((a, b) => a + b) / losses.length;
  assert.equal(history.losses.length, 24);
  assert.ok(mean(history.losses.slice(-6)) < 0.8 * mean(history.losses.slice(0, 6)), history.losses.join(' '));
  assert.ok(figures.testAccuracy > 0.6, `accuracy ${figures.testAccuracy}`);
  model.dispose();
});
