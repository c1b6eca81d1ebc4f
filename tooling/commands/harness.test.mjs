import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTools, makeRow, median, quantile, spread, table } from '../bench/harness.mjs';

const harness = new URL('../bench/harness.mjs', import.meta.url).href;

test('median and quartiles interpolate between the values in the middle', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(quantile([0, 10], 0.25), 2.5);
  assert.equal(spread([1, 2, 3, 4, 5]), 2 / 3);
  assert.equal(spread([7]), 0);
});

test('a ratio above 1 means ours is better, whichever way the unit points', () => {
  assert.equal(makeRow({ case: 'a', metric: 'time', unit: 'ms', ours: 2, peer: 'p', theirs: 8 }).ratio, 4);
  assert.equal(makeRow({ case: 'a', metric: 'rate', unit: 'queries/s', ours: 2, peer: 'p', theirs: 8 }).ratio, 0.25);
  assert.equal(makeRow({ case: 'a', metric: 'f1', unit: '', ours: 0.9, peer: 'p', theirs: 0.6 }).ratio, 1.5);
  assert.equal(
    makeRow({ case: 'a', metric: 'error', unit: '', ours: 1, peer: 'p', theirs: 2, better: 'lower' }).ratio,
    2,
  );
});

test('a row holds medians, and the spread of the paired ratios', () => {
  const row = makeRow({
    case: 'a',
    metric: 'time',
    unit: 'ms',
    ours: [1, 2, 4],
    peer: 'p',
    theirs: [10, 20, 40],
    share: 0.5,
  });
  const expected = {
    case: 'a',
    metric: 'time',
    unit: 'ms',
    ours: 2,
    peer: 'p',
    theirs: 20,
    ratio: 10,
    runs: 3,
    spread: 0,
  };
  assert.deepEqual(row, { ...expected, share: 0.5 });
});

test('a row without a peer says so with null', () => {
  const { peer, theirs, ratio, spread: width } = makeRow({ case: 'a', metric: 'f1', unit: '', ours: [1, 2, 3, 4, 5] });
  assert.deepEqual({ peer, theirs, ratio, width }, { peer: null, theirs: null, ratio: null, width: 0.6667 });
});

test('a measurement that is no number is refused', () => {
  assert.throws(() => makeRow({ case: 'a', metric: 'time', unit: 'ms', ours: [1, Number.NaN] }), {
    message: 'a: time must be a finite number, but got NaN',
  });
  assert.throws(() => createTools({ name: 'x', runs: 0 }), {
    message: '--runs must be a whole number above 0, but got 0',
  });
});

test('both sides run in turn, who begins alternates, and warm-ups are not counted', async () => {
  const order = [];
  const values = { ours: [100, 1, 2, 3], theirs: [100, 4, 4, 4] };
  const side = (name) => () => (order.push(name), values[name].shift());
  const { compare, rows } = createTools({ name: 'x' });
  await compare({ case: 'c', peer: 'p', runs: 3, warmup: 1, ours: side('ours'), theirs: side('theirs') });
  assert.deepEqual(order, ['theirs', 'ours', 'ours', 'theirs', 'theirs', 'ours', 'ours', 'theirs']);
  assert.equal(rows[0].ours, 2);
  assert.equal(rows[0].ratio, 2);
});

test('work that returns nothing is timed', async () => {
  const { compare } = createTools({ name: 'x', runs: 1 });
  const row = await compare({ case: 'c', ours: () => new Promise((resolve) => setTimeout(resolve, 30)) });
  assert.ok(row.ours >= 29 && row.ours < 5000, `${row.ours} ms`);
  assert.equal(row.runs, 1);
});

test('the table names the machine and aligns its columns', () => {
  const rows = [makeRow({ case: 'a', metric: 'time', unit: 'ms', ours: 2, peer: 'p', theirs: 8 })];
  assert.equal(
    table({ bench: 'b', node: 'v1', cpu: 'c', cores: 2, rows }),
    'b: Node v1, c, 2 cores; a ratio above 1 means ours is better\n\n' +
      'case  metric  unit  ours  peer  theirs  ratio  runs  spread\n' +
      'a     time    ms    2     p     8       4      1     0',
  );
});

test('with --json standard output is one JSON object and nothing else', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'x.mjs');
  writeFileSync(
    file,
    `import { bench } from '${harness}';
     await bench('x', async ({ row, progress }) => { progress('going'); row({ case: 'a', metric: 'f1', unit: '', ours: 1 }); return { seeds: [1] }; });`,
  );
  const result = JSON.parse(
    execFileSync(process.execPath, [file, '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  assert.deepEqual(Object.keys(result), ['bench', 'node', 'cpu', 'cores', 'rows', 'seeds']);
  assert.equal(result.bench, 'x');
  assert.equal(result.rows.length, 1);
});

test('a bench that throws ends with 1 and says why on standard error', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'x.mjs');
  writeFileSync(
    file,
    `import { bench } from '${harness}'; await bench('x', async () => { throw new Error('no peer'); });`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, '--json'], { encoding: 'utf8' });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /no peer/);
});
