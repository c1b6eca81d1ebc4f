import { checkAborted } from '@simile/core/errors';
import { download, type DownloadProgress } from './download.ts';
import { reasonOf } from './reason-of.ts';
import { sha256 } from './sha256.ts';
import { unpackGzip } from './unpack-gzip.ts';

/** A file whose content is known. */
export interface KnownFile {
  /** Name without `.gz`. */
  readonly name: string;
  /** Length of the unpacked file. */
  readonly bytes: number;
  /** SHA-256 of the unpacked file. */
  readonly sha256: string;
}

/** Options of {@link fetchKnownFile}. */
export interface FetchKnownFileOptions {
  /** Addresses of folders, tried in turn; each first with `.gz`, then without. */
  urls: readonly string[];
  /** Gets a line for every address that did not work. */
  tried: string[];
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** The unpacked file from the first address that has it with the right checksum. @throws `ERR_ABORTED` */
export async function fetchKnownFile(file: KnownFile, options: FetchKnownFileOptions): Promise<Uint8Array | undefined> {
  const { urls, tried, onProgress, signal } = options;
  for (const base of urls) {
    for (const suffix of ['.gz', '']) {
      const url = `${base.endsWith('/') ? base : `${base}/`}${file.name}${suffix}`;
      try {
        const bytes = await download(url, { maxBytes: file.bytes + 65536, onProgress, signal });
        const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
        const whole = packed ? unpackGzip(bytes, () => file.bytes) : bytes;
        if (whole.length === file.bytes && (await sha256(whole)) === file.sha256) return whole;
        tried.push(`${url} (not the official file: its checksum differs)`);
      } catch (error) {
        checkAborted('datasets', signal);
        if ((error as { code?: string }).code === 'ERR_BACKEND') throw error;
        const { cause = error } = error as Error;
        tried.push(`${url} (${reasonOf(cause)})`);
      }
    }
  }
  return undefined;
}
