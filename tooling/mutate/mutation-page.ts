import type { Measured } from './measure.ts';

/** A unit, as a path from the root, and what its tests are worth. */
export interface Row {
  readonly package: string;
  readonly unit: string;
  readonly measured: Pick<Measured, 'run' | 'killed' | 'possible' | 'survivors'>;
}

/** The page of kill rates: a total for each package, and what survived. Units without a mutant are left out, those not measured named. */
export function mutationPage(
  all: readonly Row[],
  unknown: readonly string[],
  { most, seed }: { most: number; seed: number },
): string {
  const rows = all.filter(({ measured }) => measured.run > 0);
  const names = [...new Set(rows.map((row) => row.package))];
  const totals = names.map((name) => {
    const of = rows.filter((row) => row.package === name);
    return `| ${name} | ${of.length} | ${count(of, 'run')} | ${count(of, 'killed')} | ${rate(of)} |`;
  });
  const left = rows.flatMap(({ unit, measured }) =>
    measured.survivors.map(
      ({ line, before, after }) => `| ${unit.replace('packages/', '')}:${line} | ${code(before)} | ${code(after)} |`,
    ),
  );
  return [
    '# What the tests notice',
    '',
    `Written by \`pnpm mutation-table\`: ${most} small changes to each unit at most, drawn with seed ${seed}, each run against the unit's own`,
    'tests (`pnpm mutate` says what is changed). A file without a test of its own runs against those of three units that use it, at most.',
    '',
    '| package | units | changes | noticed | rate |',
    '| --- | --- | --- | --- | --- |',
    ...totals,
    `| all | ${rows.length} | ${count(rows, 'run')} | ${count(rows, 'killed')} | ${rate(rows)} |`,
    '',
    ...(unknown.length > 0
      ? [`Not measured since they changed: ${unknown.map((unit) => unit.replace('packages/', '')).join(', ')}.`, '']
      : []),
    '## What nobody noticed',
    '',
    ...(left.length > 0 ? ['| place | was | became |', '| --- | --- | --- |', ...left] : ['Nothing.']),
    '',
  ].join('\n');
}

function count(rows: readonly Row[], what: 'run' | 'killed'): number {
  return rows.reduce((sum, { measured }) => sum + measured[what], 0);
}

function rate(rows: readonly Row[]): string {
  return `${((100 * count(rows, 'killed')) / count(rows, 'run')).toFixed(1)} %`;
}

function code(text: string): string {
  return `\`${text.replace(/\s+/g, ' ').replaceAll('|', '\\|')}\``;
}
