import { element } from '../loss-lab/element.ts';
import { failuresView } from './failures-view.ts';
import { tally, type Cell, type Verdict } from './verdict.ts';

/** The verdict on the page. */
export interface ResultsView {
  readonly element: HTMLElement;
  /** Shows a verdict; only what differs from the one before is made anew. */
  show(verdict: Verdict): void;
}

/** Makes the place for a verdict: a card for each backend, what failed, and the table of all checks. */
export function resultsView(): ResultsView {
  const cards = element('div', { class: 'judge-cards' });
  const failures = failuresView();
  const table = element('div', { class: 'judge-table' });
  let before: Verdict | undefined;
  let cells: HTMLTableCellElement[][] = [];

  const build = (verdict: Verdict): void => {
    const grid = element('table', {}, element('caption', { class: 'judge-unseen' }, 'Every check on every backend'));
    const heads = ['Check', ...verdict.backends].map((text) => element('th', { scope: 'col' }, text));
    grid.createTHead().append(element('tr', {}, ...heads));
    const body = grid.createTBody();
    cells = verdict.rows.map((row) => {
      const line = verdict.backends.map(() => element('td'));
      body.append(element('tr', {}, element('th', { scope: 'row' }, row.name), ...line));
      return line;
    });
    table.replaceChildren(...(verdict.rows.length > 0 ? [grid] : []));
  };

  return {
    element: element('div', { class: 'judge-results' }, cards, failures.element, table),
    show: (verdict) => {
      const fresh = before?.order !== verdict.order;
      if (fresh) build(verdict);
      verdict.rows.forEach((row, i) => {
        if (!fresh && before?.rows[i] === row) return;
        verdict.backends.forEach((backend, j) => fill(cells[i]![j]!, row.cells.get(backend)));
      });
      cards.replaceChildren(...verdict.backends.map((backend) => cardOf(verdict, backend)));
      failures.show(verdict);
      before = verdict;
    },
  };
}

function cardOf(verdict: Verdict, backend: string): HTMLElement {
  const { passed, failed, skipped, all } = tally(verdict, backend);
  const done = passed + failed + skipped;
  const absent = skipped === all && all > 0;
  const state = absent ? 'absent' : failed > 0 ? 'failed' : done === all ? 'passed' : 'running';
  const reason = verdict.rows.map((row) => row.cells.get(backend)).find((cell) => typeof cell === 'object');
  const text = absent
    ? `does not work here: ${typeof reason === 'object' ? reason.detail : ''}`
    : `${passed} of ${all} passed${failed > 0 ? `, ${failed} failed` : ''}`;
  return element(
    'div',
    { class: 'judge-card', 'data-state': state },
    element('strong', {}, backend),
    element('span', {}, text),
    element('progress', { max: Math.max(1, all), value: done, 'aria-label': `Checks done on ${backend}` }),
  );
}

const SIGNS = { waiting: '·', running: '…', passed: '✓', failed: '✗', skipped: '–' };

function fill(cell: HTMLTableCellElement, of: Cell | undefined): void {
  const outcome = of === undefined ? 'skipped' : typeof of === 'string' ? of : of.outcome;
  const { furthest, said } = numbersOf(of);
  cell.dataset['outcome'] = outcome;
  cell.title = said;
  cell.replaceChildren(
    element('span', { 'aria-hidden': 'true' }, SIGNS[outcome]),
    element('span', { class: 'judge-unseen' }, `${outcome}${said && `: ${said}`}`),
    ...(furthest ? [element('span', { class: 'judge-number', 'aria-hidden': 'true' }, furthest)] : []),
  );
}

/** How near the numbers of a check came, short and in words. */
function numbersOf(cell: Cell | undefined): { furthest: string; said: string } {
  if (typeof cell !== 'object' || !cell.comparison) return { furthest: '', said: '' };
  const { count, furthest, allowed } = cell.comparison;
  const away = furthest === null ? '∞' : furthest === 0 ? '0' : furthest.toExponential(0).replace('e-', 'e−');
  const numbers = count === 1 ? '1 number' : `${count.toLocaleString('en')} numbers`;
  return { furthest: away, said: `${numbers} compared, the furthest ${away} away where ${allowed} is allowed` };
}
