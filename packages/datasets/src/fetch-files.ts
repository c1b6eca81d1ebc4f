import { checkAborted } from '@simile/core/errors';
import { download, type DownloadProgress } from './download.ts';
import { reasonOf } from './reason-of.ts';

/** Options of {@link fetchFiles}. */
export interface FetchFilesOptions {
  /** Gets a line that says which file is missing. */
  tried: string[];
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Bytes of the named files of a folder at an address, each `.gz` or plain, whatever is in them. Undefined when one is missing.
 *
 * @throws `ERR_ABORTED`
 */
export async function fetchFiles(
  folder: string,
  names: readonly string[],
  options: FetchFilesOptions,
): Promise<Uint8Array[] | undefined> {
  const { tried, onProgress, signal } = options;
  const found: Uint8Array[] = [];
  for (const name of names) {
    const reasons: string[] = [];
    for (const file of [`${name}.gz`, name]) {
      try {
        const url = `${folder.endsWith('/') ? folder : `${folder}/`}${file}`;
        found.push(await download(url, { maxBytes: Infinity, onProgress, signal }));
        reasons.length = 0;
        break;
      } catch (error) {
        checkAborted('datasets', signal);
        reasons.push(`${file}: ${reasonOf((error as Error).cause)}`);
      }
    }
    if (reasons.length > 0) {
      tried.push(`${folder} (${reasons.join(', ')})`);
      return undefined;
    }
  }
  return found;
}
