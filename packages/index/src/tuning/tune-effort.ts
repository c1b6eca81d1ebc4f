import { checkAborted } from '@simile/core/errors';
import type { EngineHits, SearchEffort } from '../contract.ts';
import { recallOf } from './recall-of.ts';

/** How far from the least effort that will do the found one may be, as a share of it. */
const PRECISION = 0.03;
/** Effort that is tried first. */
const START = 64;

/** What {@link tuneEffort} measures with. */
export interface TrialOptions {
  readonly exact: EngineHits;
  /** Answers to the queries with some effort. */
  readonly search: (effort: number) => EngineHits | Promise<EngineHits>;
  readonly signal: AbortSignal | undefined;
}

/** The most that was found, with the least effort. */
function best(measured: ReadonlyMap<number, number>): { value: number; recall: number } {
  const [value, recall] = [...measured].reduce((one, other) =>
    other[1] > one[1] || (other[1] === one[1] && other[0] < one[0]) ? other : one,
  );
  return { value, recall };
}

/** The least effort that finds a share of the true neighbours: doubled until it does, then bisected. @throws `ERR_ABORTED` */
export async function tuneEffort(
  { least, most }: SearchEffort,
  target: number,
  { exact, search, signal }: TrialOptions,
): Promise<{ value: number; recall: number; reached: boolean }> {
  const measured = new Map<number, number>();
  const recallAt = async (effort: number): Promise<number> => {
    checkAborted('index.tune', signal);
    const recall = measured.get(effort) ?? recallOf(await search(effort), exact);
    measured.set(effort, recall);
    return recall;
  };
  let low = least - 1; // not enough
  let high = Math.min(Math.max(START, least), most); // not where it is, so that a seed gives the same result
  while ((await recallAt(high)) < target) {
    if (high === most) return { ...best(measured), reached: false };
    low = high;
    high = Math.min(high * 2, most);
  }
  while (high - low > Math.max(1, high * PRECISION)) {
    // Downwards in halves of the logarithm: what will do is often a small part of what was set.
    const middle = low < least ? Math.floor(high / 2) : Math.round((low + high) / 2);
    const next = Math.min(Math.max(middle, low + 1), high - 1);
    if ((await recallAt(next)) < target) low = next;
    else high = next;
  }
  return { value: high, recall: await recallAt(high), reached: true };
}
