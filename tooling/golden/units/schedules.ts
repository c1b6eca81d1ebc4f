import { warmupCosineDecay, type WarmupCosineDecayOptions } from '@simile/models';
import { numbersOf } from '../golden-case.ts';
import type { Runner } from '../runner.ts';

/** Rates at steps. */
export const warmupCosine: Runner = ({ options, inputs }) => {
  const rate = warmupCosineDecay(options as unknown as WarmupCosineDecayOptions);
  return { got: { values: numbersOf(inputs['steps']).map(rate) } };
};
