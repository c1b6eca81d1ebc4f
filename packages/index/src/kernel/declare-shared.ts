/** Turns the declaration of the imported memory, the only import, into that of a shared one with the same limits. */
export function declareShared(bytes: Uint8Array): void {
  let at = 8;
  while (bytes[at] !== 2) at = skipSection(bytes, at);
  at = afterNumber(bytes, at + 1) + 1; // id, size, count of imports
  for (let name = 0; name < 2; name++) at += 1 + bytes[at]!; // module and field, each shorter than 128
  bytes[at + 1] = 3; // after the kind, the flags: has a maximum (1) and is shared (2)
}

function skipSection(bytes: Uint8Array, at: number): number {
  const begin = afterNumber(bytes, at + 1);
  let size = 0;
  for (let i = begin - 1; i > at; i--) size = size * 128 + (bytes[i]! & 127);
  return begin + size;
}

/** The place after a LEB128 number. */
function afterNumber(bytes: Uint8Array, at: number): number {
  let end = at;
  while (bytes[end]! > 127) end++;
  return end + 1;
}
