// pnpm verify: what must hold before anything is published. Builds first; `pnpm verify api size` runs only those.
import { main, type Gate } from './run.ts';

const gates: Gate[] = [
  { name: 'packed', command: ['node', 'tooling/checks/packed.ts'] },
  { name: 'api', command: ['node', 'tooling/checks/api.ts'] },
  { name: 'size', command: ['size-limit'] },
  { name: 'unused', command: ['knip', '--no-progress'] },
  { name: 'changes', command: ['node', 'tooling/checks/changes.ts'] },
];

await main('verify', gates);
