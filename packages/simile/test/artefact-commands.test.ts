import { selectBackend } from '@simile/core/backend';
import { metricEmbedding } from '@simile/layers';
import { similarityModel } from '@simile/models';
import { input, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { encode } from 'fast-png';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// A model made here, read by the command in a process of its own. It sees the top of 2 × 2 images, or the bottom.
const cli = join(import.meta.dirname, '../src/cli.ts');
let folder: string;

const TOP = Uint8Array.of(255, 255, 0, 0);
const BOTTOM = Uint8Array.of(0, 0, 255, 255);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simile-artefact-'));
  await selectBackend({ prefer: 'cpu', training: false });
  const inputs = input({ shape: [2, 2, 1] });
  const outputs = metricEmbedding({ units: 3 }).apply(layers.flatten().apply(inputs)) as SymbolicTensor;
  const model = similarityModel({ inputs, outputs, seed: 1 });
  await model.index({ data: Uint8Array.of(...TOP, ...BOTTOM), shape: [2, 2, 2, 1] }, { labels: ['top', 'bottom'] });
  await model.calibrate({ data: Uint8Array.of(...TOP, ...BOTTOM), shape: [2, 2, 2, 1] }, ['top', 'bottom']);
  const calibration = model.vectorIndex.calibration!;
  const chosen = { ...calibration.cutpoints.optimal, name: 'chosen', distance: 5e-7 };
  model.vectorIndex.setCalibration({ ...calibration, cutpoints: { ...calibration.cutpoints, chosen } });
  await model.save(join(folder, 'model.simile'));
  model.dispose();
  await writeFile(join(folder, 'top.png'), encode({ width: 2, height: 2, channels: 1, data: TOP }));
  await writeFile(
    join(folder, 'half.png'),
    encode({ width: 2, height: 2, channels: 1, data: Uint8Array.of(255, 200, 40, 0) }),
  );
  await writeFile(join(folder, 'wide.png'), encode({ width: 4, height: 1, channels: 1, data: TOP }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function simile(...words: string[]): Promise<{ code: number | null; out: string; errors: string }> {
  const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', cli, ...words], { cwd: folder });
  let [out, errors] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += String(data)));
  child.stderr.on('data', (data: Buffer) => (errors += String(data)));
  return new Promise((resolve) => void child.on('close', (code) => resolve({ code, out, errors })));
}

test('info tells what a model takes, knows and is calibrated to', async () => {
  const { code, out, errors } = await simile('info', 'model.simile');
  expect([code, errors]).toEqual([0, '']);
  expect(out).toMatch(/^takes {7}\[2, 2, 1\]\nmodel {7}/);
  expect(out).toContain('records     2 of dimension 3');
  expect(out).toContain('labels      top (1), bottom (1)');
  expect(out).toMatch(/optimal {2,}distance/);
  expect(out).toMatch(/chosen {2,}distance 5\.000e-7/);
  const json = JSON.parse((await simile('info', 'model.simile', '--json')).out);
  expect(json).toMatchObject({ takes: [2, 2, 1], size: 2, dimension: 3, metric: 'cosine', stale: false });
}, 120_000);

test('match recognises images up to the cut-point asked for, and calls the others unknown', async () => {
  const { code, out, errors } = await simile('match', 'model.simile', 'top.png', 'half.png', '--k', '2');
  expect([code, errors]).toEqual([0, '']);
  const [first, second, ...more] = out.trimEnd().split('\n');
  expect(first).toMatch(/^top\.png: top, distance (\S+) \(nearest: top \1, bottom \d\.\d+\)$/);
  expect(second).toMatch(/^half\.png: unknown, distance 0\.\d+ \(nearest: /); // above the chosen 0.0000005
  expect(more).toEqual([]);
  const far = await simile('match', 'model.simile', 'half.png', '--cutpoint', '2', '--json');
  const [match, ...others] = JSON.parse(far.out);
  expect(match).toMatchObject({ path: 'half.png', known: true });
  expect(match.neighbors.map(({ rank }: { rank: number }) => rank)).toEqual([1, 2]); // no third record
  expect(others).toEqual([]);
}, 120_000);

test('what cannot be read or is asked wrongly is told in one sentence, without a stack', async () => {
  const message = async (...words: string[]): Promise<string> => {
    const { code, errors } = await simile(...words);
    expect(code).toBe(1);
    expect(errors).not.toContain('    at ');
    return errors.trim();
  };
  expect(await message('info', 'top.png')).toMatch(/\[ERR_FILE\]$/);
  expect(await message('match', 'model.simile', 'wide.png')).toMatchInlineSnapshot(
    `"match: images must be 2 × 2 pixels, as the model says, but got '4 × 1 in wide.png'. Resize it first. [ERR_SHAPE]"`,
  );
  expect(await message('match', 'model.simile', 'top.png', '--cutpoint', 'best')).toMatchInlineSnapshot(
    `"match: --cutpoint must be a distance or one of optimal, chosen, but got 'best'. See --help. [ERR_OPTION]"`,
  );
  expect(await message('match', 'model.simile', 'top.png', '--k', 'many')).toMatchInlineSnapshot(
    `"match: --k must be a whole number, 1 or more, but got 'many'. See --help. [ERR_OPTION]"`,
  );
}, 120_000);
