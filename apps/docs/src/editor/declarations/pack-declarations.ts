import { gunzipSync, gzipSync, strFromU8, strToU8 } from 'fflate';
import type { Declarations } from './gather-declarations.ts';

/** Declarations as one compressed file. */
export function packDeclarations(declarations: Declarations): Uint8Array {
  return gzipSync(strToU8(JSON.stringify(declarations)), { level: 9, mtime: 0 });
}

/**
 * Declarations from the file of {@link packDeclarations}.
 *
 * @throws an `Error` when the bytes are something else.
 */
export function unpackDeclarations(bytes: Uint8Array): Declarations {
  const declarations: unknown = JSON.parse(strFromU8(gunzipSync(bytes)));
  if (typeof declarations === 'object' && declarations !== null) return declarations as Declarations;
  throw new Error('The file holds no declarations.');
}
