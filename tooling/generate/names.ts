/** `n-pairs` → `nPairs`. */
export function camelCase(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `n-pairs` → `NPairs`. */
export function pascalCase(id: string): string {
  const name = camelCase(id);
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Throws unless the id is kebab-case, as names of units, files and packages are. */
export function checkId(id: string | undefined): asserts id is string {
  if (id && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) return;
  throw new Error(`a name is kebab-case, such as n-pairs, but got ${id ?? 'none'}`);
}
