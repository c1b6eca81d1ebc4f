// node tooling/mutate/table.ts [--most 12] [--seed 1] [--known] PACKAGE…: measures every unit of packages and writes docs/mutation.md.
// .cache/measured.jsonl has the results. A unit whose source is as it was is not measured again; where its tests, or those of
// @simile/testing, are not as they were, what survived is run again. --known writes the page of what is known and measures nothing.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, type Measured } from './measure.ts';
import { mutationPage, type Row } from './mutation-page.ts';
import type { Subject } from './tester.ts';
import { unitsOf } from './units-of.ts';

/** A result, and hashes of what it was measured of. */
interface Known {
  readonly unit: string;
  readonly source: string;
  readonly tests: string;
  readonly measured: Measured;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    most: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    known: { type: 'boolean', default: false },
  },
});
const [most, seed] = [Number(values.most), Number(values.seed)];
const memory = join(import.meta.dirname, '.cache/measured.jsonl');
mkdirSync(join(import.meta.dirname, '.cache'), { recursive: true });
const lines = existsSync(memory) ? readFileSync(memory, 'utf8').split('\n').filter(Boolean) : [];
const known = new Map(lines.map((line) => JSON.parse(line) as Known).map((each) => [each.unit, each]));
const suites = unitsOf(join(root, 'packages/testing')).map(({ unit }) => unit);

const rows: Row[] = [];
const unknown: string[] = [];
for (const name of positionals)
  for (const subject of unitsOf(join(root, 'packages', name))) {
    const measured = await measuredOf(subject).catch((error: unknown) => {
      console.error(`${subject.unit}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
      return undefined;
    });
    const unit = relative(root, subject.unit);
    if (measured) rows.push({ package: name, unit, measured });
    else unknown.push(unit);
  }
writeFileSync(join(root, 'docs/mutation.md'), mutationPage(rows, unknown, { most, seed }));
process.exit();

async function measuredOf(subject: Subject): Promise<Measured | undefined> {
  const unit = relative(root, subject.unit);
  const source = hash([readFileSync(subject.unit, 'utf8'), most, seed]);
  const tests = hash([...[subject.test].flat(), ...suites].map((file) => readFileSync(file, 'utf8')));
  const before = known.get(unit)?.source === source ? known.get(unit) : undefined;
  if (values.known) return before?.measured;
  if (before && (before.tests === tests || before.measured.survivors.length === 0)) return before.measured;
  const measured = await measure(subject, { most, seed, ...(before && { before: before.measured }) });
  appendFileSync(memory, `${JSON.stringify({ unit, source, tests, measured } satisfies Known)}\n`);
  const left = measured.survivors.map(({ line, before: was, after }) => `${unit}:${line} ${was} → ${after}`);
  console.error([`${unit}: ${measured.killed} of ${measured.run}`, ...left].join('\n  '));
  return measured;
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
