import type { Reducer } from '@simile/core';
import {
  add,
  dispose,
  div,
  keep,
  maximum,
  mul,
  stack,
  step,
  sum,
  tidy,
  unstack,
  zeros,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { TrainingMetric } from '../options.ts';
import { metric } from './batch-statistics.ts';

/** Counts how many costs of a batch are above 0. */
export interface CostWatch {
  /** The same reducer, watched. */
  watch(reduce: Reducer): Reducer;
  /** Share of the costs of the step that are above 0, as `active_costs`; there once something is watched. */
  readonly metrics: readonly TrainingMetric[];
  /** A training step begins: what validation counted is forgotten. */
  begin(): void;
}

export function costWatch(): CostWatch {
  let metrics: readonly TrainingMetric[] = [];
  let listening = false;
  let counts: Tensor[] = [];
  const forget = (): void => {
    dispose(counts);
    counts = [];
  };
  const share = metric('active_costs', () => {
    listening = false;
    const seen = counts.reduce((total, pair) => add(total, pair), zeros([2])); // of a loss that reduces more than once
    forget();
    const [active, all] = unstack(seen) as [Scalar, Scalar];
    return div(active, maximum(all, 1));
  });
  return {
    get metrics() {
      return metrics;
    },
    begin: () => {
      forget();
      listening = true;
    },
    watch: (reduce) => {
      metrics = [share];
      return (costs, valid, source) => {
        if (listening) {
          counts.push(keep(tidy(() => stack([sum(mul(step(costs), valid)), sum(valid)]))));
        }
        return reduce(costs, valid, source);
      };
    },
  };
}
