import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseKernels } from './case-kernels.ts';
import type { ExampleRun } from './trace.ts';
import { root } from './sources.ts';

/** Backends in the order of the page. */
export const backends = ['cpu', 'wasm', 'simile-wasm', 'webgl', 'webgpu'] as const;
export type Backend = (typeof backends)[number];

/** What a backend does with a unit. */
export interface BackendStanding {
  readonly standing: 'trains' | 'runs' | 'does not run';
  /** Kernels that are missing or wrong there. */
  readonly lacking: readonly string[];
  /** It waits for values, which the backend does not allow. */
  readonly waits: boolean;
}

/** Rows of docs/backends.md: what each backend makes of an operation. */
function readStandings(): Map<string, Record<Backend, string>> {
  const text = readFileSync(join(root, 'docs/backends.md'), 'utf8');
  const rows = new Map<string, Record<Backend, string>>();
  for (const line of text.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim().replaceAll('*', ''));
    const name = /^`(.+)`$/.exec(cells[1] ?? '')?.[1];
    if (!name || cells.length !== backends.length + 3) continue;
    rows.set(
      name,
      Object.fromEntries(backends.map((backend, i) => [backend, cells[i + 2]])) as Record<Backend, string>,
    );
  }
  return rows;
}

/**
 * Kernels that a backend lacks or has wrong: those of the rows that fail there, less those of a row that does not. Of a row
 * that only runs there, the forward kernels do not fail.
 */
export function lackingKernels(cases: Readonly<Record<string, CaseKernels>>): Record<Backend, ReadonlySet<string>> {
  const standings = readStandings();
  const lacking = {} as Record<Backend, ReadonlySet<string>>;
  for (const backend of backends) {
    const good = new Set<string>();
    const bad = new Set<string>();
    for (const [name, { forward, backward }] of Object.entries(cases)) {
      const row = standings.get(name);
      if (!row) throw new Error(`docs/backends.md has no row ${name}: run pnpm ops-table`);
      const same = row[backend] === row.cpu;
      for (const kernel of forward) (same || row[backend] === 'runs' ? good : bad).add(kernel);
      for (const kernel of backward) (same ? good : bad).add(kernel);
    }
    lacking[backend] = new Set([...bad].filter((kernel) => !good.has(kernel)));
  }
  return lacking;
}

/** What each backend does with a unit whose example ran these kernels. */
export function standingsOf(
  { kernels, gradientKernels, readsBack, trains }: ExampleRun,
  lacking: Record<Backend, ReadonlySet<string>>,
): Record<Backend, BackendStanding> {
  const standing = (backend: Backend): BackendStanding => {
    const forward = kernels.filter((kernel) => lacking[backend].has(kernel));
    const backward = gradientKernels.filter((kernel) => lacking[backend].has(kernel));
    const waits = backend === 'webgpu' && readsBack;
    if (forward.length > 0 || waits) return { standing: 'does not run', lacking: forward, waits };
    return { standing: trains && backward.length === 0 ? 'trains' : 'runs', lacking: backward, waits };
  };
  return Object.fromEntries(backends.map((backend) => [backend, standing(backend)])) as Record<
    Backend,
    BackendStanding
  >;
}
