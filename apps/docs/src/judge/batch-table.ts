import { element } from '../loss-lab/element.ts';
import type { Failure, LabelledRows } from './failed-batch.ts';

/** A batch as a table: class and numbers of each row, those of the reference below. */
export function batchTable({ name, reference, ...own }: NonNullable<Failure['batch']>): HTMLElement {
  const classes = [...new Set([...own.labels, ...(reference?.labels ?? [])])].sort((a, b) => a - b);
  const width = Math.max(...own.rows.map((row) => row.length));
  const table = element('table', {}, element('caption', {}, `Batch “${name}”`));
  const heads = ['row', 'class', ...Array.from({ length: width }, (_, k) => `x${k}`)];
  table.createTHead().append(element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text))));
  table.append(bodyOf('', own, classes));
  if (reference) table.append(bodyOf('reference ', reference, classes));
  const label = `Rows of the batch ${name}`;
  return element('div', { class: 'judge-batch', tabindex: 0, role: 'group', 'aria-label': label }, table);
}

function bodyOf(prefix: string, { labels, rows }: LabelledRows, classes: readonly number[]): HTMLElement {
  const lines = rows.map((row, i) => {
    const label = labels[i]!;
    const chip = element('span', { class: 'judge-class', 'data-class': classes.indexOf(label) % 8 }, String(label));
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, `${prefix}${i}`),
      element('td', {}, chip),
      ...row.map((value) => element('td', {}, String(Number(value.toPrecision(5))))),
    );
  });
  return element('tbody', {}, ...lines);
}
