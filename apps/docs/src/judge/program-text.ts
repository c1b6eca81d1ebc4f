const texts = import.meta.glob<string>(['./programs/*.ts', '!./programs/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The text of a file of `programs/`, which runs in the sandbox or is there to be changed. @throws when there is none */
export function programText(file: string): string {
  const text = texts[`./programs/${file}`];
  if (text === undefined) throw new Error(`There is no program ${file}`);
  return text;
}
