// node tooling/mutate/table.ts [--most 12] [--seed 1] PACKAGE…: measures every unit of packages and writes docs/mutation.md.
// A unit whose source and tests are as they were when it was last measured is not measured again: .cache/measured.jsonl has the results.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, type Measured } from './measure.ts';
import type { Subject } from './tester.ts';
import { unitsOf } from './units-of.ts';
import { mutationPage, type Row } from './mutation-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { most: { type: 'string', default: '12' }, seed: { type: 'string', default: '1' } },
});
const [most, seed] = [Number(values.most), Number(values.seed)];
const memory = join(import.meta.dirname, '.cache/measured.jsonl');
mkdirSync(join(import.meta.dirname, '.cache'), { recursive: true });
const lines = existsSync(memory) ? readFileSync(memory, 'utf8').split('\n').filter(Boolean) : [];
const known = new Map(lines.map((line) => JSON.parse(line) as [string, Measured]));

const rows: Row[] = [];
for (const name of positionals)
  for (const subject of unitsOf(join(root, 'packages', name))) {
    const unit = relative(root, subject.unit);
    const key = keyOf(subject);
    try {
      let measured = known.get(key);
      if (!measured) {
        measured = await measure(subject, { most, seed });
        appendFileSync(memory, `${JSON.stringify([key, measured])}\n`);
        const left = measured.survivors.map(({ line, before, after }) =>
          `\n  ${unit}:${line} ${before} → ${after}`.replace(/\s+/g, ' '),
        );
        console.error(`${unit}: ${measured.killed} of ${measured.run}${left.map((text) => `\n ${text}`).join('')}`);
      }
      rows.push({ package: name, unit, measured });
    } catch (error) {
      console.error(`${unit}: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
writeFileSync(join(root, 'docs/mutation.md'), mutationPage(rows, { most, seed }));
process.exit();

/** Changes with the text of the unit, of its tests and with what is drawn. */
function keyOf({ unit, test }: Subject): string {
  const texts = [unit, ...[test].flat()].map((file) => readFileSync(file, 'utf8'));
  const hash = createHash('sha256').update(JSON.stringify([texts, most, seed]));
  return `${relative(root, unit)} ${hash.digest('hex').slice(0, 16)}`;
}
