/** Memory of a buffer as the program has it: the whole, and the ranges that were given out. */
export interface Mapped {
  readonly bytes: ArrayBuffer;
  readonly start: number;
  readonly writes: boolean;
  readonly given: { readonly start: number; readonly bytes: ArrayBuffer }[];
}

/** What is mapped from now on. */
export function mapOf(bytes: ArrayBuffer, start: number, writes: boolean): Mapped {
  return { bytes, start, writes, given: [] };
}

/** The whole, with what was written into the ranges given out. */
export function filled({ bytes, given }: Mapped): ArrayBuffer {
  if (given.length === 1 && given[0]!.bytes.byteLength === bytes.byteLength) return given[0]!.bytes;
  for (const range of given) new Uint8Array(bytes).set(new Uint8Array(range.bytes), range.start);
  return bytes;
}
