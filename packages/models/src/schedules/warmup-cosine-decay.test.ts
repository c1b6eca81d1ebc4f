import { expect, test } from 'vitest';
import golden from './warmup-cosine-decay.golden.json' with { type: 'json' };
import { warmupCosineDecay } from './warmup-cosine-decay.ts';

test.each(golden.cases.map((example, i) => ({ i, ...example })))(
  'golden case $i: the rates of TensorFlow Similarity',
  ({ options, steps, rates, tolerance: { rel, abs } }) => {
    const rate = warmupCosineDecay(options);
    steps.forEach((step, i) => {
      expect(Math.abs(rate(step) - rates[i]!), `step ${step}`).toBeLessThanOrEqual(rel * Math.abs(rates[i]!) + abs);
    });
  },
);

test('up to the highest rate, down to alpha of it, and there it stays', () => {
  const rate = warmupCosineDecay({ maxLearningRate: 2, totalSteps: 10, warmupSteps: 4, alpha: 0.25 });
  expect([0, 2, 4, 7, 10, 99].map(rate)).toEqual([0, 1, 2, 1.25, 0.5, 0.5].map((value) => expect.closeTo(value, 12)));
});

test('values outside their ranges are refused', () => {
  const base = { maxLearningRate: 1, totalSteps: 10 };
  expect(() => warmupCosineDecay({ ...base, warmupSteps: 10 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: warmup-cosine-decay: warmupSteps must be below the 10 of totalSteps, but got 10. Warm up for less, or run longer. [ERR_OPTION]]`,
  );
  expect(() => warmupCosineDecay({ ...base, maxLearningRate: 0 })).toThrow('maxLearningRate must be a finite number');
  expect(() => warmupCosineDecay({ ...base, alpha: 1.5 })).toThrow('alpha must be a number from 0 to 1');
  expect(() => warmupCosineDecay({ ...base, totalSteps: 0.5 })).toThrow('totalSteps must be a whole number');
});
