/** What a comment behind a line of an example says that its value is: numbers, or a text. Undefined for prose. */
export function said(comment: string): number[] | string | undefined {
  const text = /^'([^']*)'/.exec(comment);
  if (text) return text[1]!;
  const thrown = /^throws: ([^…]*)/.exec(comment);
  if (thrown) return thrown[1]!.trim();
  if (/^(true|false)\b/.test(comment)) return comment.startsWith('true') ? 'true' : 'false';
  const list = /^(?:\w+Array )?(\[[^a-z]*\])/.exec(comment);
  if (list) {
    const cells = list[1]!.replace(/[[\]\s]/g, '').split(',');
    return cells.map(numberOf).filter((value) => value !== undefined);
  }
  // `9 / 6 = 1.5`, `both are equal: 0`, or `0.5: each feature is 0 once`.
  const parts = comment.split(/[≈=]|: /).toReversed();
  const found = parts.map((part) => /^\s*(−?[\d.]*\d|½)\s*$/.exec(part)?.[1]).find((part) => part !== undefined);
  const value = numberOf(found ?? /^(−?\d*\.?\d+)(?=[:,]|$)/.exec(comment)?.[1] ?? '');
  return value === undefined ? undefined : [value];
}

/** `−0.5`, `½`, `6/11`, `π/2`, `∛9`. */
function numberOf(text: string): number | undefined {
  const plain = text.replace('−', '-');
  if (plain === '½') return 0.5;
  const [over = '', under] = plain.split('/');
  const value = over === 'π' ? Math.PI : over.startsWith('∛') ? Math.cbrt(Number(over.slice(1))) : Number(over);
  if (over === '' || Number.isNaN(value)) return undefined;
  return under === undefined ? value : value / Number(under);
}
