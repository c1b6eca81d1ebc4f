import { SimileError } from './errors.ts';

/**
 * Bytes of a web address, absolute or, in a page or worker, relative to it.
 *
 * @throws `ERR_FILE` when they do not come
 */
export async function fetchBytes(address: string): Promise<Uint8Array> {
  const fail = (got: string, cause?: unknown): SimileError =>
    new SimileError({
      where: 'read-bytes',
      rule: `${address} must be readable`,
      got,
      remedy: 'Check the address and the connection.',
      code: 'ERR_FILE',
      ...(cause ? { cause } : {}),
    });
  let response: Response;
  try {
    response = await fetch(address);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw fail((cause as Error).message, cause);
  }
  throw fail(`${response.status} ${response.statusText}`.trim());
}
