// pnpm check: what must hold before every commit. `pnpm check graph spelling` runs only those.
import { main, type Gate } from './run.ts';

const gates: Gate[] = [
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'lint', command: ['oxlint', '--deny-warnings'] },
  { name: 'structure', command: ['node', 'tooling/checks/structure.ts'] },
  { name: 'graph', command: ['node', 'tooling/checks/graph.ts'] },
  { name: 'spelling', command: ['cspell', 'lint', '--no-progress', '--no-summary', '--gitignore'] },
  { name: 'types', command: ['turbo', 'run', 'types', '--output-logs=errors-only', '--no-update-notifier'] },
];

await main('check', gates);
