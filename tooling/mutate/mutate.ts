// pnpm mutate UNIT [--most N] [--seed S] [--test NAME] [--json]: the kill rate of a unit's tests, and what they did not notice.
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findUnit } from './find-unit.ts';
import { measure } from './measure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const usage = 'usage: pnpm mutate UNIT [--most N] [--seed S] [--test NAME] [--json]';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      most: { type: 'string' },
      seed: { type: 'string', default: '1' },
      test: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [name, ...more] = positionals;
  const most = values.most === undefined ? undefined : Number(values.most);
  if (!name || more.length > 0 || (most !== undefined && !(Number.isInteger(most) && most > 0))) throw new Error(usage);
  const subject = findUnit(root, name, values.test);
  const unit = relative(root, subject.unit);
  const measured = await measure(subject, {
    ...(most === undefined ? {} : { most }),
    seed: Number(values.seed),
    onMutant: ({ line, column, before, after }, killed) => {
      if (!killed) console.error(`${unit}:${line}:${column} survived: ${oneLine(before)} → ${oneLine(after)}`);
    },
  });
  const { run, possible, killed, killRate, timedOut } = measured;
  if (values.json) console.log(JSON.stringify({ unit, seed: Number(values.seed), ...measured }, undefined, 2));
  else
    console.log(
      `${unit}: killed ${killed} of ${run} mutants (${(100 * killRate).toFixed(0)} %), ${timedOut} of them by hanging; ` +
        `the unit has ${possible}`,
    );
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
