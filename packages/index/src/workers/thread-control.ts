/**
 * What a pool and its threads share beside the memory of the kernel. Words are int32; each thread writes its own cache line.
 *
 * A job is open while `job` is odd. A thread raises its `active` flag, and only if the job is then open does it take part;
 * the pool closes the job first and looks at the flags after. So either the thread sees the job closed or the pool sees the
 * flag: no one waits for threads that have not woken yet, and no job is written while one is read.
 */
export const WORDS = {
  job: 0,
  chunks: 1,
  chunk: 2,
  count: 3,
  parts: 4,
  exportAt: 5,
  args: 6,
  failed: 7,
  next: 16,
} as const;
export const THREADS = { first: 192, stride: 16, active: 0, context: 1 } as const;
/** Places for arguments, float64, and for the text of an error, UTF-16. */
export const ARGS = { byte: 128, most: 16 } as const;
export const TEXT = { byte: 256, most: 255 } as const;

/** The shared block, as views. */
export interface ThreadControl {
  readonly buffer: SharedArrayBuffer | ArrayBuffer;
  readonly words: Int32Array;
  readonly args: Float64Array;
  /** Length, then letters. */
  readonly text: Uint16Array;
}

export function threadControl(threads: number, shared: boolean): ThreadControl {
  const bytes = (THREADS.first + threads * THREADS.stride) * 4;
  const buffer = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  return {
    buffer,
    words: new Int32Array(buffer),
    args: new Float64Array(buffer, ARGS.byte, ARGS.most),
    text: new Uint16Array(buffer, TEXT.byte, TEXT.most + 1),
  };
}

/** Place of a thread's word. */
export function threadWord(thread: number, word: 'active' | 'context'): number {
  return THREADS.first + thread * THREADS.stride + THREADS[word];
}

/** Notes why a job has failed, if it is the first to fail, and lets no chunk more be taken. */
export function noteFailure({ words, text }: ThreadControl, reason: string): void {
  if (Atomics.compareExchange(words, WORDS.failed, 0, 1) === 0) {
    const letters = reason.slice(0, TEXT.most);
    text[0] = letters.length;
    for (let i = 0; i < letters.length; i++) text[i + 1] = letters.charCodeAt(i);
  }
  takeNoMore({ words });
}

/** Why the last job has failed; undefined when it has not. */
export function failureOf({ words, text }: ThreadControl): string | undefined {
  return Atomics.load(words, WORDS.failed) === 1 ? String.fromCharCode(...text.subarray(1, 1 + text[0]!)) : undefined;
}

/** Makes it that every chunk counts as taken. */
export function takeNoMore({ words }: Pick<ThreadControl, 'words'>): void {
  Atomics.store(words, WORDS.next, Atomics.load(words, WORDS.chunks));
}
