// pnpm new loss NAME · pnpm new package NAME FIRST-UNIT
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '@tooling/checks/run';
import { writeEdits } from './edit.ts';
import { newLoss } from './new-loss.ts';
import { newPackage } from './new-package.ts';

const [kind, name, unit] = process.argv.slice(2);
const makers = { loss: () => newLoss(root, name), package: () => newPackage(root, name, unit) };
if (kind !== 'loss' && kind !== 'package') {
  console.error('usage: pnpm new loss NAME\n       pnpm new package NAME FIRST-UNIT');
  process.exit(2);
}
try {
  const edits = makers[kind]();
  writeEdits(root, edits);
  const files = [...edits.keys()];
  spawnSync(process.execPath, [join(root, 'node_modules/oxfmt/bin/oxfmt'), ...files], { cwd: root });
  console.log(files.map((file) => `wrote ${file}`).join('\n'));
  const next =
    kind === 'loss'
      ? `pnpm --filter @simile/losses exec vitest run src/${name}.test.ts`
      : `pnpm install && pnpm --filter @simile/${name} test`;
  console.log(`\nnext: ${next}, then the steps in CONTRIBUTING.md`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
