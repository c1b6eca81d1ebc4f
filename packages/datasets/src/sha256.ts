import { SimileError } from '@simile/core/errors';

/** SHA-256 of bytes as 64 hexadecimal digits. @throws `ERR_BACKEND` in a page without a secure context. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) {
    throw new SimileError({
      where: 'datasets',
      rule: 'checksums need crypto.subtle, which browsers offer to secure contexts only',
      remedy: 'Serve the page over https or from localhost, or give the files as bytes with the option files.',
      code: 'ERR_BACKEND',
    });
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
