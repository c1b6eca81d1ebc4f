import { mnist } from '@simile/datasets';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The command as a person runs it, on a part of MNIST in a folder of its own.
const cli = join(import.meta.dirname, '../src/cli.ts');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simile-cli-'));
  for (const [split, prefix, count] of [
    ['train', 'train', 1500],
    ['test', 't10k', 150],
  ] as const) {
    const { x, labels } = await mnist({ split });
    await writeFile(join(folder, `${prefix}-images-idx3-ubyte`), idx([count, 28, 28], x.data.subarray(0, count * 784)));
    await writeFile(
      join(folder, `${prefix}-labels-idx1-ubyte`),
      idx([count], Uint8Array.from(labels.subarray(0, count))),
    );
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function idx(shape: readonly number[], data: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 + shape.length);
  shape.forEach((size, i) => header.setUint32(4 + 4 * i, size));
  return new Uint8Array([...new Uint8Array(header.buffer), ...data]);
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

function simile(
  words: readonly string[],
  onOutput: (out: string, stop: () => void) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', cli, ...words], { cwd: folder });
  let out = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => {
    out += String(data);
    onOutput(out, () => child.kill('SIGINT'));
  });
  child.stderr.on('data', (data: Buffer) => {
    errors += String(data);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, out, errors }));
  });
}

test('hello-world trains, writes page, figures, strips and model, and says where they are', async () => {
  const { code, out, errors } = await simile([
    'hello-world',
    '--data',
    folder,
    '--steps',
    '2',
    '--seed',
    '7',
    '--report',
    'out',
  ]);
  expect(errors).toBe('');
  expect(code).toBe(0);
  expect(out).toContain('Backend simile-wasm');
  expect(out).toMatch(/Report: +out\/index\.html/);
  const figures = JSON.parse(await readFile(join(folder, 'out/figures.json'), 'utf8'));
  expect(figures).toMatchObject({ recipe: 'simile', seed: 7, steps: 2, cancelled: false });
  expect(figures.figures.f1).toBeGreaterThan(0);
  const page = await readFile(join(folder, 'out/index.html'), 'utf8');
  expect(page.match(/A test \d/g)?.length).toBeGreaterThanOrEqual(10);
  expect((await stat(join(folder, 'out/model.simile'))).size).toBeGreaterThan(1e6);
  expect((await readFile(join(folder, 'out/neighbors.svg'), 'utf8')).slice(0, 4)).toBe('<svg');
}, 120_000);

test('Ctrl-C ends the training and saves what was learnt', async () => {
  let asked = false;
  const { code, out } = await simile(
    ['hello-world', '--data', folder, '--steps', '100000', '--report', 'stopped'],
    (text, stop) => {
      if (asked || !text.includes('Training')) return;
      asked = true;
      stop();
    },
  );
  expect(out).toContain('Stopping the training');
  expect(code).toBe(130);
  const figures = JSON.parse(await readFile(join(folder, 'stopped/figures.json'), 'utf8'));
  expect(figures.cancelled).toBe(true);
  expect(figures.steps).toBeLessThan(100_000);
}, 120_000);

test('bad input is told in one sentence, without a stack', async () => {
  const steps = await simile(['hello-world', '--data', folder, '--steps', 'many']);
  expect(steps.code).toBe(1);
  expect(steps.errors).toContain(
    "hello-world: --steps must be a whole number, but got 'many'. See --help. [ERR_OPTION]",
  );
  expect(steps.errors).not.toContain('    at ');
  const data = await simile(['hello-world', '--data', join(folder, 'nowhere')]);
  expect(data.code).toBe(1);
  expect(data.errors).toMatch(/\[ERR_\w+\]/);
  expect(data.errors).not.toContain('    at ');
}, 60_000);

test('--help tells every option', async () => {
  const { code, out } = await simile(['hello-world', '--help']);
  expect(code).toBe(0);
  for (const option of ['--seed', '--steps', '--recipe', '--backend', '--report', '--data'])
    expect(out).toContain(option);
}, 60_000);
