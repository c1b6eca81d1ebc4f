// What every bench shares: interleaved runs, medians, rows of one shape, and one JSON object at the end.
//
//   import { bench, load } from './harness.mjs';
//
//   const tf = await load('@tensorflow/tfjs-core');
//   await bench('exact-search', async ({ compare, row, progress, options }) => {
//     await compare({ case: '100k × 100, batch 1', ours: () => index.search(query), peer: 'usearch 2.26.2', theirs: () => peer.search(query) });
//     row({ case: 'f1, seed 1', metric: 'f1', unit: '', ours: 0.98 });
//     return { note: 'goes beside rows in the JSON' };
//   });
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** Units of which less is better; of all others (queries/s, GFLOP/s, f1, recall) more is. */
const LESS_IS_BETTER = new Set(['ns', 'µs', 'us', 'ms', 's', 'min', 'bytes', 'kB', 'MB', 'GB', 'tensors']);

/**
 * Runs a bench and prints its result: one JSON object on standard output with --json, a table otherwise.
 * Progress goes to standard error. The process ends here, also when backends left workers behind.
 *
 * @param {string} name
 * @param {(tools: ReturnType<typeof createTools>) => Promise<object | void>} body What it returns goes into the JSON.
 */
export async function bench(name, body) {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false }, runs: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  const tools = createTools({ name, runs }, { ...values, positionals });
  try {
    const extra = (await body(tools)) ?? {};
    const result = { bench: name, ...machine(), rows: tools.rows, ...extra };
    const text = values.json ? JSON.stringify(result, undefined, 2) : table(result);
    process.stdout.write(`${text}\n`, () => process.exit(0));
  } catch (error) {
    process.stderr.write(`${error?.stack ?? error}\n`, () => process.exit(1));
  }
}

const packages = createRequire(new URL('../../packages/simile/package.json', import.meta.url));

/**
 * Imports a package as the built packages see it: `@tensorflow/tfjs-core`, `@simile/losses`, … A second copy of
 * TensorFlow.js, installed here, would know none of our backends.
 */
export function load(name) {
  return import(pathToFileURL(packages.resolve(name)).href);
}

/** Node, processor and cores: without them a number says nothing. */
export function machine() {
  return { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() };
}

/** The tools that a bench's body gets. `runs` given on the command line beats the one a case asks for. */
export function createTools({ name, runs: wanted }, options = {}) {
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted > 0)) {
    throw new Error(`--runs must be a whole number above 0, but got ${wanted}`);
  }
  const rows = [];
  const progress = (text) => process.stderr.write(`${name}: ${text}\n`);

  const row = (parts) => {
    const made = makeRow(parts);
    rows.push(made);
    progress(describe(made));
    return made;
  };

  /**
   * Measures `ours` and `theirs` in turn, `runs` times each after `warmup` unmeasured ones; who begins alternates.
   * A function that returns a number gave its own measurement; otherwise its time in milliseconds counts.
   */
  const compare = async ({
    case: what,
    metric = 'time',
    unit = 'ms',
    peer,
    ours,
    theirs,
    runs = 7,
    warmup = 1,
    better,
  }) => {
    const sides = [['ours', ours], ...(theirs ? [['theirs', theirs]] : [])];
    const seen = { ours: [], theirs: [] };
    for (let run = -warmup; run < (wanted ?? runs); run++) {
      for (const [side, work] of run % 2 === 0 ? sides : sides.toReversed()) {
        const value = await measure(work);
        if (run >= 0) seen[side].push(value);
      }
    }
    return row({ case: what, metric, unit, peer, ours: seen.ours, theirs: theirs ? seen.theirs : undefined, better });
  };

  return { rows, row, compare, progress, options: { ...options, runs: wanted } };
}

async function measure(work) {
  const started = performance.now();
  const value = await work();
  return typeof value === 'number' ? value : performance.now() - started;
}

/**
 * A row from measurements: numbers, or lists of one number a run, paired by position. `ratio` above 1 says that ours is
 * better whatever the unit; `spread` is the distance between the quartiles of the paired ratios (of ours, where there is
 * no peer) over their median.
 */
export function makeRow({ case: what, metric, unit, ours, peer, theirs, better, ...more }) {
  const mine = [ours].flat();
  const others = theirs === undefined ? undefined : [theirs].flat();
  for (const value of [...mine, ...(others ?? [])]) {
    if (!Number.isFinite(value)) throw new Error(`${what}: ${metric} must be a finite number, but got ${value}`);
  }
  const less = better === undefined ? LESS_IS_BETTER.has(unit) : better === 'lower';
  const ratioOf = (a, b) => (less ? b / a : a / b);
  const paired =
    others && others.length === mine.length ? mine.map((value, i) => ratioOf(value, others[i])) : undefined;
  const values = { ours: median(mine), theirs: others && median(others) };
  return {
    case: what,
    metric,
    unit,
    ours: round(values.ours),
    peer: peer ?? null,
    theirs: others ? round(values.theirs) : null,
    ratio: others ? round(ratioOf(values.ours, values.theirs)) : null,
    runs: mine.length,
    spread: round(spread(paired ?? mine)),
    ...more,
  };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values) {
  return quantile(values, 0.5);
}

/** Interquartile range over median; 0 for a single value. */
export function spread(values) {
  const middle = median(values);
  return middle === 0 ? 0 : (quantile(values, 0.75) - quantile(values, 0.25)) / Math.abs(middle);
}

/** Linear interpolation between the order statistics around `q`·(n − 1). */
export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}

/** Four significant digits, as a number. */
function round(value) {
  return Number(value.toPrecision(4));
}

function describe({ case: what, metric, unit, ours, peer, theirs, ratio }) {
  const versus = theirs === null ? '' : `, ${peer} ${theirs} ${unit}: ${ratio}×`;
  return `${what}: ${metric} ${ours} ${unit}${versus}`;
}

/** Rows as aligned columns under a line that names the machine. */
export function table({ bench: name, node, cpu, cores, rows }) {
  const head = ['case', 'metric', 'unit', 'ours', 'peer', 'theirs', 'ratio', 'runs', 'spread'];
  const lines = [head, ...rows.map((row) => head.map((key) => (row[key] === null ? '' : String(row[key]))))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => [...line[column]].length)));
  const text = lines.map((line) =>
    line
      .map((cell, i) => cell + ' '.repeat(widths[i] - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
  return [`${name}: Node ${node}, ${cpu}, ${cores} cores; a ratio above 1 means ours is better`, '', ...text].join(
    '\n',
  );
}
