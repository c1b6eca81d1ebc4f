import type { GoldenCase } from './golden-case.ts';

/** Numbers by key of `expected`: a number, a list, or lists by name. */
export type Got = Readonly<Record<string, unknown>>;

/** What a unit of ours gives for a case. Keys left out are told why; keys that are text may stay out. */
export interface Outcome {
  readonly got: Got;
  /** Keys that are not compared, with the reason. */
  readonly left?: Readonly<Record<string, string>>;
  /** Expected values in place of those in the file, where a fact of theirs has first to be put into our terms. */
  readonly wanted?: Got;
  /** Keys of which float32 keeps fewer digits than the case allows for, with the share of the largest number to allow. */
  readonly loose?: Readonly<Record<string, number>>;
}

/** Why a case cannot be said in Simile's public API. */
export class NotCovered extends Error {}

/** Runs a case through the public API. @throws {NotCovered} */
export type Runner = (golden: GoldenCase) => Outcome | Promise<Outcome>;

/** Units by name. `tensors` says that the unit computes on a backend and so runs on each. */
export interface Unit {
  readonly run: Runner;
  readonly tensors: boolean;
}
