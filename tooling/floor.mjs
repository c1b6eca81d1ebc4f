// Runs node:test files over the built dist with the oldest supported Node: FLOOR_NODE, or the pinned node-floor package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const floor = process.env.FLOOR_NODE ?? pinned();
if (!floor) {
  console.log('floor: skipped, node-floor is for Linux x64 only; set FLOOR_NODE to a Node 20.19 to run it here');
  process.exit(0);
}
console.log(`floor ${spawnSync(floor, ['-v'], { encoding: 'utf8' }).stdout.trim()}, runner ${process.version}`);
process.exit(spawnSync(floor, ['--test', ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1);

function pinned() {
  try {
    const file = join(createRequire(import.meta.url).resolve('node-floor/package.json'), '../bin/node');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}
