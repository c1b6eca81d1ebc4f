import { checkAborted } from '@simile/core/errors';
import type { Progress } from '../contract.ts';
import type { Pause } from '../turns.ts';

/** Rows of the first slice, of which an engine that holds nothing yet may learn its codes. */
const FIRST_EVER = 16384;
const FIRST = 1024;
const LEAST = 128;
/** How long a search should have to wait for a slice. */
const MILLISECONDS = 40;

/** What {@link inSlices} goes by. */
export interface SliceOptions {
  readonly count: number;
  /** Whether nothing is there yet that a search could find. */
  readonly first: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  readonly pause: Pause;
}

/** A part of the work. */
export interface Slice {
  readonly begin: number;
  readonly end: number;
  /** For progress within the slice; undefined when nobody listens. */
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Does long work in slices of some milliseconds, pausing between them. @throws `ERR_ABORTED`; what the work throws */
export async function inSlices(
  { count, first, signal, onProgress, pause }: SliceOptions,
  work: (slice: Slice) => Promise<void>,
): Promise<void> {
  let size = first ? FIRST_EVER : FIRST;
  for (let begin = 0; begin < count;) {
    const rest = count - begin;
    const end = rest <= size * 1.5 ? count : begin + size;
    const from = begin;
    let told = begin;
    const tell = (done: number): void => {
      if (done <= told) return;
      told = done;
      onProgress!({ done, total: count });
    };
    const started = performance.now();
    await work({ begin, end, onProgress: onProgress && (({ done }) => tell(from + done)) });
    if (onProgress) tell(end);
    if (end === count) return;
    const took = Math.max(performance.now() - started, 0.1);
    size = Math.max(LEAST, Math.min(size * 4, Math.round(((end - begin) * MILLISECONDS) / took)));
    begin = end;
    await pause();
    checkAborted('index', signal);
  }
}
