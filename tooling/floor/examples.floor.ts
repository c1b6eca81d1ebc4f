// Each README's examples: types checked against the built declarations, then run on the floor Node against dist.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '@tooling/checks/run';
import { readWorkspace } from '@tooling/checks/workspace';
import { differences, examplesIn, expectations, toJavaScript } from './examples.ts';
import { floorNode, runFloor } from './node.ts';

const MINUTE = 60_000;
const floor = floorNode();
// Inside this package, so that the names of its dependencies resolve.
const folder = join(import.meta.dirname, '.cache/examples');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const work = mkdtempSync(join(tmpdir(), 'simile-examples-'));
after(() => rmSync(work, { recursive: true, force: true }));

const packages = readWorkspace(root).packages.map(({ path }) => `${path}/README.md`);
const docs = readdirSync(join(root, 'docs'), { recursive: true }).map(
  (name) => `docs/${String(name).replaceAll('\\', '/')}`,
);
const pages = ['README.md', 'CONTRIBUTING.md', ...packages, ...docs.filter((name) => name.endsWith('.md'))].filter(
  (page) => existsSync(join(root, page)),
);

const examples = pages.flatMap((page) =>
  examplesIn(readFileSync(join(root, page), 'utf8')).map(({ line, code, typed }) => {
    const name = `${page.replace(/\.md$/, '').replaceAll('/', '-')}-${line}`;
    if (typed) writeFileSync(join(folder, `${name}.ts`), `${code}\nexport {};\n`);
    writeFileSync(join(folder, `${name}.mjs`), typed ? toJavaScript(code) : code);
    return { page, line, code, name };
  }),
);

for (const page of packages) {
  test(`${page} has an example that checks what it prints`, () => {
    const codes = examples.filter((example) => example.page === page).map(({ code }) => code);
    assert.ok(codes.length > 0, 'no ts block');
    assert.ok(
      codes.some((code) => expectations(code).size > 0),
      'no console.log(…); // → text',
    );
  });
}

test('types of all examples', { timeout: 3 * MINUTE }, async () => {
  const config = {
    extends: '../../../../tsconfig.base.json',
    include: ['*.ts'],
    // As a user has it: strict, without the source condition and our own further rules.
    compilerOptions: {
      customConditions: [],
      types: ['node'],
      noUncheckedIndexedAccess: false,
      exactOptionalPropertyTypes: false,
      declaration: false,
      isolatedDeclarations: false,
    },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const output = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [compiler, '-p', folder, '--pretty', 'false'],
      { cwd: folder },
      (error, stdout, stderr) => {
        resolve(error ? stdout + stderr + error.message : '');
      },
    );
  });
  assert.equal(output, '', output);
});

for (const { page, line, code, name } of examples) {
  const skip = 'missing' in floor ? floor.missing : false;
  test(`${page}:${line} runs`, { skip, timeout: 5 * MINUTE }, async () => {
    if ('missing' in floor) return;
    const printedFile = join(work, `${name}.jsonl`);
    writeFileSync(printedFile, '');
    const cwd = mkdtempSync(join(work, 'run-'));
    const {
      code: exit,
      stderr,
      stdout,
    } = await runFloor(
      floor.program,
      ['--no-warnings', '--import', join(import.meta.dirname, 'record.mjs'), join(folder, `${name}.mjs`)],
      { cwd, timeout: 4 * MINUTE, env: { SIMILE_EXAMPLE: `${name}.mjs`, SIMILE_PRINTED: printedFile } },
    );
    assert.equal(exit, 0, `${stdout}\n${stderr}`);
    const printed = new Map<number, string>();
    for (const record of readFileSync(printedFile, 'utf8').split('\n').filter(Boolean)) {
      const [at, text] = JSON.parse(record) as [number, string];
      printed.set(at, printed.has(at) ? `${printed.get(at)} ${text}` : text);
    }
    assert.deepEqual(differences(expectations(code), printed), []);
  });
}
