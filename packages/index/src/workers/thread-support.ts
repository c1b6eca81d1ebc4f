import { checkInteger } from '@simile/core/errors';
import { nodeModule } from '@simile/core/platform';

const MOST_BY_ITSELF = 8;

/** Whether workers can run a kernel over one memory here. */
export interface ThreadSupport {
  readonly available: boolean;
  /** What is missing; undefined when nothing is. */
  readonly reason?: string;
  /** Cores that the host tells of, at least 1. */
  readonly cores: number;
}

/** Looks at what this host offers; asks for nothing and starts nothing. */
export function threadSupport(): ThreadSupport {
  const node = nodeModule<typeof import('node:os')>('node:os');
  const cores = node?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
  const reason = missing();
  return { available: reason === undefined, ...(reason === undefined ? {} : { reason }), cores };
}

/**
 * How many threads an engine gets when it is told `threads`, the calling one included: 1 where there can be no more. `auto` is
 * every core, up to 8. In a page, whose main thread takes no part, one more.
 *
 * @throws `ERR_OPTION` for anything else than a whole number from 1
 */
export function threadCount(where: string, threads: number | 'auto'): number {
  if (threads !== 'auto') checkInteger(where, { threads }, 1);
  const { available, cores } = threadSupport();
  const wanted = threads === 'auto' ? Math.min(cores, MOST_BY_ITSELF) : threads;
  if (!available || wanted === 1) return 1;
  return mayBlock() ? wanted : wanted + 1;
}

/** Whether this thread may be blocked for a moment: a page's main thread may not. */
export function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}

function missing(): string | undefined {
  if (typeof SharedArrayBuffer === 'undefined') {
    return 'no SharedArrayBuffer: serve the page with Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy';
  }
  if ((globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false) {
    return 'the page is not isolated: serve it with Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy';
  }
  const hasWorkers = typeof globalThis.Worker === 'function' || nodeModule('node:worker_threads') !== undefined;
  return hasWorkers ? undefined : 'no workers here';
}
