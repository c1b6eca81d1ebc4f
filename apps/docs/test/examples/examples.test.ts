// Every example of the playground runs, on wasm, and prints what it says.
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { groups } from '../../examples/index.ts';
import { keeps, promised, readExamples } from './example.ts';
import { runExample } from './run-example.ts';

const examples = readExamples();

// As many at once as there are cores; concurrent tests alone would be five.
const lanes = Array.from({ length: Math.min(4, availableParallelism()) }, () => Promise.resolve<unknown>(undefined));
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const begun = lanes.shift()!.then(run);
  lanes.push(begun.catch(() => undefined));
  return begun;
}

test.concurrent.each(examples)('$name prints what it says', { timeout: 600_000 }, async ({ name, code }) => {
  const { failure, printed, seconds } = await inTurn(() => runExample(name));
  expect(failure).toBe('');
  const wrong = [...promised(code)].filter(([line, text]) => !keeps(text, printed.get(line) ?? ''));
  expect(wrong.map(([line, text]) => `line ${line}: ${text}, but printed ${printed.get(line)}`)).toEqual([]);
  expect(seconds).toBeLessThan(20); // of the processor: 1 to 4 were seen
});

test.each(examples)('$name reads well', ({ code, title, about }) => {
  const lines = code.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^\/\/ [A-Z].{3,50}[^.]$/);
  expect(lines[1]).toMatch(/^\/\/ [A-Z].{10,120}\.$/);
  expect(title).not.toBe(about);
  expect(lines.length).toBeLessThanOrEqual(50);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(140);
  expect(promised(code).size).toBeGreaterThan(0);
  const imports = [...code.matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier!);
  for (const specifier of imports) expect(specifier).toMatch(/^(simile|@simile\/[a-z-/]+|@tensorflow\/tfjs-[a-z]+)$/);
});

test('the list of groups names every example once, with its title', () => {
  const listed = groups.flatMap(({ examples: entries }) => entries);
  expect(listed).toEqual(examples.map(({ name, title, about }) => ({ file: name, title, about })));
});

test('promises are found and kept', () => {
  expect([...promised('f();\nconsole.log(\n  a,\n); // → 1.…\n')]).toEqual([[2, '1.…']]);
  expect(keeps('0.9… of 1', '0.95  of 1')).toBe(true);
  expect(keeps('0.9', '0.95')).toBe(false);
});
