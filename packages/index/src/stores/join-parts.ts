/** Parts as one run of bytes of its own. */
export function joinParts(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Parts cut and joined to pieces of some bytes each, the last one shorter. */
export function* piecesOf(parts: readonly Uint8Array[], size: number): Generator<Uint8Array<ArrayBuffer>> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length;) {
      const taken = part.subarray(at, at + size - length);
      waiting.push(taken);
      length += taken.length;
      at += taken.length;
      if (length === size) {
        yield joinParts(waiting);
        waiting = [];
        length = 0;
      }
    }
  }
  if (length > 0) yield joinParts(waiting);
}
