import { expect, test } from 'vitest';
import { compile, type CompiledFile, type ProgramProblem } from './compile.ts';

test('types go and lines stay', () => {
  const source =
    "import type { A } from 'a';\ninterface B {\n  c: A;\n}\nconst x: B = f<B>();\nconsole.log(x satisfies B);\n";
  const { code, imports } = compile('main.ts', source, 'later') as CompiledFile;
  expect(imports).toEqual([]);
  expect(code.split('\n')[4]!.trim()).toBe('const x = f();');
  expect(code.split('\n')[5]!.trim()).toBe('console.log(x );');
});

test('imports are found with their lines, also those for what they do and those passed on', () => {
  const source =
    "import { a } from 'one';\nimport 'two';\nexport { b } from \"three\";\nconsole.log(a, import.meta);\n";
  const { code, imports } = compile('main.ts', source, 'later') as CompiledFile;
  expect(imports.map(({ specifier, line }) => [specifier, line])).toEqual([
    ['one', 1],
    ['two', 2],
    ['three', 3],
  ]);
  for (const { specifier, start, end } of imports) expect(code.slice(start, end)).toBe(specifier);
  expect(code).toContain('import.meta');
});

test('an import that is made while the program runs becomes a call', () => {
  const { code, later } = compile(
    'main.ts',
    "const a = await import('one');\nconst b = await import(name(await import('x')));\n",
    'later',
  ) as CompiledFile;
  expect(later).toEqual(['one', 'x']);
  expect(code).toBe("const a = await later('one');\nconst b = await later(name(await later('x')));\n");
});

test('text that only looks like an import stays', () => {
  const source = "const a = \"import('x')\"; // import 'y'\nconst b = `import z from 'z'`;\n";
  const { code, imports } = compile('main.ts', source, 'later') as CompiledFile;
  expect(code).toBe(source);
  expect(imports).toEqual([]);
});

test('what is wrong has its place', () => {
  const problem = compile('main.ts', 'const a = 1;\nconst b = ;\n', 'later') as ProgramProblem;
  expect(problem).toMatchObject({ message: 'Unexpected token', file: 'main.ts', line: 2, column: 11 });
});
