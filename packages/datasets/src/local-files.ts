import type * as fileSystem from 'node:fs/promises';
import type * as nodePath from 'node:path';
import { SimileError } from '@simile/core/errors';
import { nodeModule } from '@simile/core/platform';

const files = () => nodeModule<typeof fileSystem>('node:fs/promises')!;
const paths = () => nodeModule<typeof nodePath>('node:path')!;

/**
 * Bytes of the named files of a folder, each plain or `.gz`, with `-idx` or `.idx` in its name (both are in use).
 * Undefined when one is missing; then `tried` gets a line that says which.
 */
export async function findFiles(
  folder: string,
  names: readonly string[],
  tried: string[],
): Promise<Uint8Array[] | undefined> {
  const found: Uint8Array[] = [];
  for (const name of names) {
    const dotted = name.replace('-idx', '.idx');
    let reason = 'ENOENT';
    let bytes: Uint8Array | undefined;
    for (const candidate of [name, `${name}.gz`, dotted, `${dotted}.gz`]) {
      try {
        bytes = await files().readFile(paths().join(folder, candidate));
        break;
      } catch (error) {
        const { code = String(error) } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT') reason = code;
      }
    }
    if (!bytes) {
      tried.push(`${folder} (${reason === 'ENOENT' ? `no ${name}` : `${name}: ${reason}`})`);
      return undefined;
    }
    found.push(bytes);
  }
  return found;
}

/** Makes a folder that can be written, before anything is fetched for it. @throws `ERR_FILE` */
export async function prepareFolder(where: string, folder: string): Promise<void> {
  try {
    await files().mkdir(folder, { recursive: true });
    await files().access(folder, files().constants.W_OK);
  } catch (cause) {
    throw notWritable(where, folder, cause);
  }
}

/** Writes a file so that it is there as a whole or not at all, also when others write it too. @throws `ERR_FILE` */
export async function keepFile(where: string, folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const target = paths().join(folder, name);
  const partial = `${target}.${globalThis.crypto.randomUUID()}.partial`;
  try {
    await files().writeFile(partial, bytes, { flag: 'wx' });
    await files().rename(partial, target);
  } catch (cause) {
    await files().rm(partial, { force: true });
    throw notWritable(where, folder, cause);
  }
}

function notWritable(where: string, folder: string, cause: unknown): SimileError {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new SimileError({
    where,
    rule: `the cache folder ${folder} must be writable (${code})`,
    remedy: 'Give another folder as cache, or false to keep nothing.',
    code: 'ERR_FILE',
    cause,
  });
}
