// Every TypeScript block of the pages: its types are checked, it runs, and prints what the page says. Blocks of files that pages share with the
// repository run in tooling/floor, on the oldest Node.
import { differences, examplesIn, expectations, toJavaScript } from '@tooling/floor/examples';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Ran } from './run-examples.ts';

const docs = join(import.meta.dirname, '..');
const pages = join(docs, 'pages');
const folder = join(docs, '.cache/site-examples');
const tsc = join(docs, '../../node_modules/typescript/bin/tsc');

const examples = readdirSync(pages, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && !name.includes('['))
  .sort()
  .flatMap((name) => {
    const page = name.replaceAll('\\', '/');
    return examplesIn(readFileSync(join(pages, name), 'utf8')).map(({ line, code }) => {
      return { title: `${page}:${line}`, code, name: `${page.replace(/\.md$/, '').replaceAll('/', '-')}-${line}` };
    });
  });

let ran: Map<string, Ran>;

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, code } of examples) {
    writeFileSync(join(folder, `${name}.ts`), `${code}\nexport {};\n`);
    writeFileSync(join(folder, `${name}.mjs`), toJavaScript(code));
  }
  const files = examples.map(({ name }) => join(folder, `${name}.mjs`));
  const output = await run([
    '--no-warnings',
    '--conditions=source',
    join(import.meta.dirname, 'run-examples.ts'),
    ...files,
  ]);
  const results = JSON.parse(output.trim().split('\n').at(-1)!) as Ran[];
  ran = new Map(results.map((each) => [each.file, each]));
});

function run(words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, words, { cwd: docs, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${stdout.slice(-4000)}\n${stderr.slice(-4000)}`));
      else resolve(stdout);
    });
  });
}

test('types of all examples', async () => {
  const config = {
    extends: '../../../../tsconfig.base.json',
    include: ['*.ts'],
    // As a user has it: strict, without our own further rules.
    compilerOptions: {
      module: 'esnext',
      moduleResolution: 'bundler',
      lib: ['es2023', 'dom', 'dom.iterable', 'webworker'],
      types: ['node'],
      noUncheckedIndexedAccess: false,
      exactOptionalPropertyTypes: false,
      declaration: false,
      isolatedDeclarations: false,
      noUnusedLocals: false,
    },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await expect(run([tsc, '-p', folder, '--pretty', 'false'])).resolves.toBe('');
});

test.each(examples)('$title runs and prints what it says', ({ name, code }) => {
  const { error, printed } = ran.get(`${name}.mjs`)!;
  expect(error).toBeUndefined();
  const byLine = new Map<number, string>();
  for (const [line, text] of printed) byLine.set(line, byLine.has(line) ? `${byLine.get(line)} ${text}` : text);
  expect(differences(expectations(code), byLine)).toEqual([]);
});
