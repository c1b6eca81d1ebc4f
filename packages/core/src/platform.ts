/**
 * A module of Node by name (`node:fs/promises`), or undefined elsewhere. Bundlers never see an import, so the same file
 * serves browsers. Node 20.16 and later.
 */
export function nodeModule<T>(name: string): T | undefined {
  const node = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  return node?.getBuiltinModule?.(name) as T | undefined;
}
