/** Options as part of a check's name: ` (positives: hard, distance: euclidean)`; nothing for defaults. */
export function describeOptions(options: object): string {
  const parts = Object.entries(options).map(([name, value]) => {
    const text = typeof value === 'function' ? value.name || 'a function' : String(value);
    return `${name}: ${text}`;
  });
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
