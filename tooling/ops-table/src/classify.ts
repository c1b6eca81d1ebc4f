import type { Outcome } from './run-case.ts';

/**
 * How an operation stands on a backend, cpu being the measure: `trains` when forward and gradient agree with it, `runs`
 * when forward does and the gradient is not there (or tfjs has none), `wrong` when a number differs, `missing` when
 * forward throws.
 */
export type Standing = 'trains' | 'runs' | 'wrong' | 'missing';

/** Relative to the size of the number, at least 1: what the exp, log and tan of GPUs need. */
const TOLERANCE = 2e-3;

export function classify(outcome: Outcome, reference: Outcome): Standing {
  if ('error' in outcome.forward) return 'missing';
  if ('error' in reference.forward) throw new Error(`cpu cannot run it: ${reference.forward.error}`);
  if (!agree(outcome.forward, reference.forward)) return 'wrong';
  if ('error' in outcome.gradient || 'error' in reference.gradient) return 'runs';
  return agree(outcome.gradient, reference.gradient) ? 'trains' : 'wrong';
}

function agree(values: readonly number[], reference: readonly number[]): boolean {
  return (
    values.length === reference.length &&
    values.every((value, i) => Math.abs(value - reference[i]!) <= TOLERANCE * Math.max(1, Math.abs(reference[i]!)))
  );
}
