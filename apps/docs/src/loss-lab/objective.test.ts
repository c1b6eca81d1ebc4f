import { selectBackend } from '@simile/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createObjective } from './objective.ts';
import { labelsOf, makePoints } from './points.ts';
import { beginning, choose } from './state.ts';
import { controlsOf, makeLoss, offers, takes, takesViews } from './units.ts';

const extent = { classes: 3, dimension: 2 };

beforeAll(() => selectBackend({ prefer: 'cpu', training: true }));

const stateFor = (loss: string) => ({ ...beginning(loss), perClass: takesViews(loss) ? 2 : 4 });

test.each([...offers.losses, ...offers.viewLosses])(
  '%s: finite value and slopes, the same when looked at twice, no tensor left',
  (loss) => {
    const state = stateFor(loss);
    const labels = labelsOf(state);
    const rows = makePoints(state);
    const before = tf.memory().numTensors;
    const objective = createObjective(choose(loss), extent);
    const { value, gradient } = objective.evaluate(labels, rows);
    expect(value).toBeTypeOf('number');
    expect(Number.isFinite(value)).toBe(true);
    expect(gradient.flat().every(Number.isFinite)).toBe(true);
    expect(objective.evaluate(labels, rows).value).toBe(value); // looking leaves no trace
    objective.learn(labels, rows, 0.1);
    objective.dispose();
    expect(tf.memory().numTensors).toBe(before);
  },
);

test('the pull of a pair is the slope of the loss in its distance', () => {
  // Contrastive, power 1: positives pull by their share of the mean, negatives within the margin push, others rest.
  const rows = [[0], [1], [1.5], [9]].map(([x]) => [x!, 0]);
  const labels = Int32Array.of(0, 0, 1, 1);
  const choice = { ...choose('contrastive'), distance: 'euclidean', options: { power: 1, negativeMargin: 2 } };
  const { pull, distances } = createObjective(choice, { classes: 2, dimension: 2 }).evaluate(labels, rows);
  expect(Array.from(distances.slice(0, 4))).toEqual([0, 1, 1.5, 9]);
  const signs = Array.from(pull!, Math.sign);
  expect(signs.slice(0, 4)).toEqual([0, 1, -1, 0]);
  expect(signs.slice(4, 8)).toEqual([1, 0, -1, 0]);
});

test.each([...offers.losses, ...offers.viewLosses])('%s takes both ends of each of its sliders', (loss) => {
  const state = stateFor(loss);
  const made = makeLoss(loss, extent);
  for (const { option, control } of controlsOf(made)) {
    const ends = control.kind === 'choice' ? control.values : [control.least, control.most];
    for (const end of ends) {
      const objective = createObjective({ ...choose(loss), options: { [option]: end } }, extent);
      expect(Number.isFinite(objective.evaluate(labelsOf(state), makePoints(state)).value), `${option} ${end}`).toBe(
        true,
      );
      objective.dispose();
    }
  }
  made.loss.dispose?.();
});

test.each(offers.miners)('%s mines for a loss', (miner) => {
  const state = { ...beginning(), space: 'circle' as const };
  const choice = { ...choose('margin'), distance: 'euclidean', miner };
  const { value } = createObjective(choice, extent).evaluate(labelsOf(state), makePoints(state));
  expect(Number.isFinite(value)).toBe(true);
});

test.each(offers.distances)('%s is a distance for a loss', (distance) => {
  const state = beginning();
  const choice = { ...choose('triplet-margin'), distance };
  const { pull, gradient } = createObjective(choice, extent).evaluate(labelsOf(state), makePoints(state));
  expect(pull!.some((slope) => slope !== 0)).toBe(true);
  expect(gradient.flat().every(Number.isFinite)).toBe(true);
});

test('a miner that reads Euclidean distances refuses others in its own words', () => {
  const choice = { ...choose('triplet-margin'), distance: 'manhattan', miner: 'distance-weighted' };
  expect(() => createObjective(choice, extent)).toThrow(/metric must be one of/);
});

test('a loss without a distance of its own takes none', () => {
  expect(takes('angular', extent, 'distance')).toBe(false);
  expect(takes('triplet-margin', extent, 'distance')).toBe(true);
  expect(takes('arc-face', extent, 'miner')).toBe(false);
});
