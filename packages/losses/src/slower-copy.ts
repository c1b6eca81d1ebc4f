import type { SlowerNetwork, TrainedNetwork } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { add, clone, dispose, tidy, variable, type Tensor, type Variable } from '@simile/core/ops';
import { moveTowards } from './move-towards.ts';

/** How much of its own a slower network keeps at a step: a share, or that of each step, counted from 0. */
export type Momentum = number | ((step: number) => number);

/** A slower network: not a second network but a second set of weights, which change places with those in training. */
export interface SlowerCopy extends SlowerNetwork {
  /** Its weights; none before `prepare`. */
  readonly state: Variable[];
  /** Begins with a copy of the network's weights. @throws `ERR_STATE` for another network than before */
  prepare(network: TrainedNetwork): void;
  dispose(): void;
}

/**
 * @param where Id of the loss that has it.
 * @param more Weights that go with those of the network: of a head.
 */
export function slowerCopy(where: string, momentum: Momentum, more: readonly Variable[]): SlowerCopy {
  const state: Variable[] = [];
  let online: readonly Variable[] = [];
  let step = 0;
  return {
    state,
    prepare: ({ variables }) => {
      const all = [...variables, ...more];
      if (online.some((each, i) => each !== all[i])) throw otherNetwork(where);
      if (online.length > 0) return;
      online = all;
      // Sums, since a clone shares its numbers with the original, which optimizers may change where they lie.
      state.push(...tidy(() => all.map((each) => variable(add(each, 0), false))));
    },
    embed: (compute) => {
      const held: Tensor[] = online.map((each) => clone(each));
      try {
        online.forEach((each, i) => each.assign(state[i]!));
        return tidy(compute);
      } finally {
        online.forEach((each, i) => each.assign(held[i]!));
        dispose(held);
      }
    },
    follow: () => {
      const share = typeof momentum === 'function' ? momentum(step) : momentum;
      moveTowards(state, online, { momentum: share });
      step++;
    },
    dispose: () => {
      dispose(state);
      state.length = 0;
      online = [];
    },
  };
}

function otherNetwork(where: string): SimileError {
  return new SimileError({
    where,
    rule: 'the slower network follows the one that the loss was compiled with first',
    remedy: 'Make one loss a model.',
    code: 'ERR_STATE',
  });
}
