import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, examplesIn, expectations, toJavaScript } from './examples.ts';

test('ts and js runs blocks are examples, others are not', () => {
  const text =
    '# A\n\n```sh\nnpm i\n```\n\n```js\npart();\n```\n\n```ts\nconst a: number = 1;\n```\n\n```js runs\nb();\n```\n';
  assert.deepEqual(examplesIn(text), [
    { line: 11, code: 'const a: number = 1;', typed: true },
    { line: 15, code: 'b();', typed: false },
  ]);
});

test('a directive before a block leaves it out or shortens it, and holds for that block alone', () => {
  const text =
    '<!-- example: skip, needs a page -->\n```ts\na\n```\n\n<!-- example: "epochs: 5" → "epochs: 1" -->\n\n```ts\nfit({ epochs: 5 });\n```\n\n```ts\nepochs: 5\n```\n';
  assert.deepEqual(
    examplesIn(text).map(({ code }) => code),
    ['fit({ epochs: 1 });', 'epochs: 5'],
  );
});

test('a directive that changes nothing, or cannot be read, is an error', () => {
  assert.throws(() => examplesIn('<!-- example: "x" → "y" -->\n```ts\na\n```\n'), {
    message: 'line 2: the block has no x to replace',
  });
  assert.throws(() => examplesIn('<!-- example: faster -->\n'), {
    message: 'line 1: cannot read <!-- example: faster -->',
  });
  assert.throws(() => examplesIn('```ts\na\n'), { message: 'line 1: a code block that does not end' });
});

test('types go, lines and columns stay', () => {
  assert.equal(
    toJavaScript('const a: number = 1;\nf<string>(a as any);'),
    'const a         = 1;\nf        (a       );',
  );
});

test('an expected text belongs to the console.log before it', () => {
  const code = 'console.log(a); // → 1\nconsole.log(\n  b,\n); // → 2\nconsole.log(c);';
  assert.deepEqual(
    [...expectations(code)],
    [
      [1, '1'],
      [2, '2'],
    ],
  );
  assert.throws(() => expectations('f(); // → 1'), {
    message: 'line 1 has an expected text, but nothing is printed before it',
  });
});

test('white space counts once and … stands for anything', () => {
  const printed = new Map([
    [1, '[\n  1,\n  2\n]'],
    [2, '0.9523 s'],
    [3, 'no'],
  ]);
  assert.deepEqual(
    differences(
      new Map([
        [1, '[ 1, 2 ]'],
        [2, '0.9… s'],
      ]),
      printed,
    ),
    [],
  );
  assert.deepEqual(
    differences(
      new Map([
        [3, 'yes'],
        [4, 'x'],
      ]),
      printed,
    ),
    ['line 3 should print yes, but printed no', 'line 4 should print x, but printed nothing'],
  );
});
