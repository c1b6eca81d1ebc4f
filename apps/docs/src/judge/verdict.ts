import type { CheckMessage, CheckOutcome } from './check-message.ts';

/** A check on one backend: not begun, running, or what came of it. */
export type Cell = 'waiting' | 'running' | CheckOutcome;

/** One check on each backend. */
export interface VerdictRow {
  readonly name: string;
  readonly cells: ReadonlyMap<string, Cell>;
}

/** All that is known of a loss so far: a table of checks by backends. */
export interface Verdict {
  readonly backends: readonly string[];
  readonly rows: readonly VerdictRow[];
  /** The checks in the order in which they run. */
  readonly order: readonly { readonly row: number; readonly backend: string }[];
}

/** Counts of a backend, or of all. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly all: number;
}

export const nothingYet: Verdict = { backends: [], rows: [], order: [] };

/** A verdict with one thing more. Messages that make no sense, which a judged program might send, change nothing. */
export function addMessage(verdict: Verdict, message: CheckMessage): Verdict {
  if (message.kind === 'checks') return tableOf(message.checks);
  const place = verdict.order[message.at];
  if (!place) return verdict;
  const { kind, at: _, ...outcome } = message as Extract<CheckMessage, { kind: 'result' }>;
  const cell: Cell = (kind as string) === 'begin' ? 'running' : outcome;
  const rows = verdict.rows.map((row, i) =>
    i === place.row ? { ...row, cells: new Map(row.cells).set(place.backend, cell) } : row,
  );
  return { ...verdict, rows };
}

/** Counts over one backend, or over all. */
export function tally({ rows }: Verdict, backend?: string): Tally {
  const cells = rows.flatMap((row) =>
    [...row.cells].filter(([name]) => !backend || name === backend).map(([, cell]) => cell),
  );
  const count = (outcome: string): number =>
    cells.filter((cell) => typeof cell === 'object' && cell.outcome === outcome).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), all: cells.length };
}

/** The verdict in a line, for a link: `cpu 47/47, wasm 46/47`. Backends that are not there are left out. */
export function summary(verdict: Verdict): string {
  return verdict.backends
    .map((backend) => ({ backend, ...tally(verdict, backend) }))
    .filter(({ passed, failed }) => passed + failed > 0)
    .map(({ backend, passed, all }) => `${backend} ${passed}/${all}`)
    .join(', ');
}

function tableOf(checks: readonly { readonly name: string; readonly backend: string }[]): Verdict {
  const backends = [...new Set(checks.map(({ backend }) => backend))];
  const names = [...new Set(checks.map(({ name }) => name))];
  const rows = names.map((name) => ({
    name,
    cells: new Map<string, Cell>(
      checks.filter((check) => check.name === name).map(({ backend }) => [backend, 'waiting']),
    ),
  }));
  return { backends, rows, order: checks.map(({ name, backend }) => ({ row: names.indexOf(name), backend })) };
}
