/** Number of each object that stands for one of the GPU. */
export const ids: WeakMap<object, number> = new WeakMap();

/** An argument that can be sent: objects of the GPU by number, bytes as they are now and nothing around them. */
export function flatten(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const id = ids.get(value);
  if (id !== undefined) return { gpu: id };
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? value : (value as Uint8Array).slice();
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (Array.isArray(value) || value instanceof Set) return Array.from(value, flatten);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, flatten(each)]));
}
