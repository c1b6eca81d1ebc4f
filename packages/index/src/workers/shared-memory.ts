/** In pages, a mobile browser may refuse to reserve 4 GiB: then less. */
const MAXIMA = [65536, 32768, 16384, 8192];

/**
 * A memory for a kernel, shared or not, of `initial` pages of 64 KiB. A shared one reserves its maximum of addresses, 4 GiB
 * where the host grants that.
 *
 * @returns The memory, and the pages it may grow to
 * @throws `RangeError` when the host has not even the least
 */
export function kernelMemory(initial: number, shared: boolean): { memory: WebAssembly.Memory; maximum: number } {
  const maxima = MAXIMA.filter((pages) => pages >= initial);
  for (const maximum of maxima) {
    try {
      return { memory: new WebAssembly.Memory({ initial, maximum, shared }), maximum };
    } catch (error) {
      if (maximum === maxima.at(-1)) throw error;
    }
  }
  throw new RangeError(`a memory has at most ${MAXIMA[0]} pages, not ${initial}`);
}
