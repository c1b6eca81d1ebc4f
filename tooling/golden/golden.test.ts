import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'golden-'));
after(() => rmSync(folder, { recursive: true }));

/** Runs files with this content; the last line and the exit code. */
function run(...contents: unknown[]): { last: string; all: string; code: number | null } {
  const files = contents.map((content, i) => {
    const file = join(folder, `file-${i}.json`);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  });
  const script = fileURLToPath(new URL('run.ts', import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, ['--conditions=source', script, '--backend=cpu', ...files], {
    encoding: 'utf8',
  });
  return { last: stdout.trimEnd().split('\n').at(-1)!, all: stdout, code: status };
}

const tolerance = { rel: 1e-5, abs: 1e-6 };
const matrix = (rows: number[][]): object => ({ shape: [rows.length, rows[0]!.length], data: rows.flat() });
const euclidean = (distances: number[][], more: object = {}): object => ({
  name: 'three-four-five',
  unit: 'distance/euclidean',
  options: { distance: 'euclidean' },
  inputs: {
    a: matrix([
      [0, 0],
      [3, 4],
    ]),
  },
  expected: { distances: matrix(distances) },
  tolerance,
  ...more,
});
const right = [
  [0, 5],
  [5, 0],
];
const wrong = [
  [0, 5.001],
  [5, 0],
];

test('counts what passes, fails and is not covered, over both forms of file', () => {
  const other = { ...euclidean(right), unit: 'loss/unheard-of' };
  const { last, all, code } = run({ cases: [euclidean(right), euclidean(wrong)] }, [euclidean(right), other]);
  assert.equal(last, '2 passed, 1 failed, 1 not covered');
  assert.equal(code, 1);
  assert.match(all, /file-0\.json: 1 passed, 1 failed, 0 not covered/);
  assert.match(all, /file-1\.json: 1 passed, 0 failed, 1 not covered/);
  assert.match(all, /distances\[1\] is 5 in place of 5\.001/);
  assert.match(all, /not covered \(1\): loss\/unheard-of/);
});

test('ends with exit code 0 when nothing failed', () => {
  const { last, code } = run([euclidean(right)]);
  assert.equal(last, '1 passed, 0 failed, 0 not covered');
  assert.equal(code, 0);
});

test('compares with expectedFixed where it has the key, and with expected elsewhere', () => {
  const fixed = euclidean(wrong, { expectedFixed: { distances: matrix(right), definition: 'exact' } });
  const broken = euclidean(right, { expectedFixed: { distances: matrix(wrong) } });
  assert.equal(run([fixed, broken]).last, '1 passed, 1 failed, 0 not covered');
});

test('takes each entry of tfsim against itself, and those of pml against the largest of the array', () => {
  const far = { inputs: { a: matrix([[0], [1e-3]]), b: matrix([[0], [1000]]) } };
  const off = [
    [0, 1000],
    [0.001005, 999.999],
  ]; // 5e-6 away: within 1e-5 of the largest, not of itself
  assert.equal(run([euclidean(off, far)]).last, '0 passed, 1 failed, 0 not covered');
  const options = { p: 2, power: 1, normalize_embeddings: false };
  const pml = { ...euclidean(off, far), unit: 'distance/LpDistance', options, expected: { matrix: matrix(off) } };
  assert.equal(run([pml]).last, '1 passed, 0 failed, 0 not covered');
});

test('fails a case with a number that it cannot give, so that none is passed over', () => {
  const more = euclidean(right, { expected: { distances: matrix(right), trace: 0 } });
  const { last, all } = run([more]);
  assert.equal(last, '0 passed, 1 failed, 0 not covered');
  assert.match(all, /trace is not given/);
});

test('does not compare a gradient at a tie, and says so', () => {
  const inputs = {
    a: matrix([[0], [0]]),
    cotangent: matrix([
      [0, 1],
      [1, 0],
    ]),
  };
  const expected = {
    distances: matrix([
      [0, 0],
      [0, 0],
    ]),
    gradientA: matrix([[7], [7]]),
  };
  const { last, all } = run([euclidean(right, { inputs, expected, gradientAtTie: true })]);
  assert.equal(last, '1 passed, 0 failed, 0 not covered');
  assert.match(all, /not compared in 1 of the cases: gradientA a gradient at a tie is a convention/);
});

test('maps options of a loss, and refuses one that it does not know', () => {
  const loss = (options: object, value: number): object => ({
    name: 'triplet',
    unit: 'loss/TripletMarginLoss',
    options,
    // Anchor 0: positive 2, negative 3; anchor 1: positive 2, negative 1.
    inputs: { embeddings: matrix([[0], [2], [3]]), labels: { shape: [3], data: [0, 0, 1] } },
    expected: { value },
    tolerance,
  });
  const distance = { type: 'LpDistance', p: 2, power: 1, normalize_embeddings: false };
  const { last, all } = run([
    loss({ distance, margin: 0.5 }, 1.5), // mean over costs above 0
    loss({ distance, margin: 0.5, reducer: { type: 'MeanReducer' } }, 0.75),
    loss({ distance, margin: 0.5, reducer: { type: 'ClassWeightedReducer', weights: [2, 1] } }, 1.5),
    loss({ distance, margin: 0.5, reducer: { type: 'MeanReducer' } }, 0.76),
    loss({ distance, warmth: 3 }, 1),
  ]);
  assert.equal(last, '3 passed, 1 failed, 1 not covered');
  assert.match(all, /option warmth of loss\/TripletMarginLoss/);
});

test('passes a file without cases over, and fails one that cannot be read', () => {
  const { last, all, code } = run({ what: 'timings' }, '{ "cases": [', { cases: [{ name: 'half' }] });
  assert.equal(last, '0 passed, 2 failed, 0 not covered');
  assert.match(all, /file-0\.json: holds no cases/);
  assert.match(all, /file-1\.json: could not be read/);
  assert.match(all, /file-2\.json: could not be read: number 0 of its list is no case/);
  assert.equal(code, 1);
});

test('tells how it is used when no file is given', () => {
  const { all, code } = run();
  assert.match(all, /pnpm golden FILE/);
  assert.equal(code, 2);
});
