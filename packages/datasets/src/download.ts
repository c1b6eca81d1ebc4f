import { checkAborted, SimileError } from '@simile/core/errors';
import { reasonOf } from './reason-of.ts';

/** How far a download is. */
export interface DownloadProgress {
  /** Name of the file, without its folder. */
  readonly file: string;
  /** Bytes that came so far. */
  readonly received: number;
  /** Bytes in all; undefined where the server does not say. */
  readonly total: number | undefined;
}

/** Options of {@link download}. */
export interface DownloadOptions {
  /** Bytes that may come at most. */
  maxBytes: number;
  /** Seconds without a byte after which to give up. Default 60. */
  patience?: number;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Bytes of a URL. @throws `ERR_FILE` when they do not come, come short, or are more than `maxBytes`; `ERR_ABORTED` when
 * `signal` says so.
 */
export async function download(url: string, options: DownloadOptions): Promise<Uint8Array> {
  const { maxBytes, patience = 60, onProgress, signal } = options;
  checkAborted('datasets', signal);
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error(`nothing came for ${patience} s`)), patience * 1000);
  };
  heard();
  try {
    const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal });
    if (!response.ok || !response.body)
      throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
    // With a Content-Encoding the length is that of the encoded bytes, which are not those that arrive here.
    const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
    const total = length === null ? undefined : Number(length);
    const file = url.slice(url.lastIndexOf('/') + 1);
    const chunks: Uint8Array[] = [];
    let received = 0;
    for (const reader = response.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      heard();
      received += value.length;
      if (received > maxBytes) throw new Error(`more than ${maxBytes} bytes came`);
      chunks.push(value);
      onProgress?.({ file, received, total });
    }
    const bytes = new Uint8Array(received);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  } catch (cause) {
    checkAborted('datasets', signal);
    throw new SimileError({
      where: 'datasets',
      rule: `${url} must be readable: ${reasonOf(cause)}`,
      remedy: 'Check the address and the connection.',
      code: 'ERR_FILE',
      cause,
    });
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
