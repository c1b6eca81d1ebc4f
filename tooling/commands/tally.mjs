// Adds up what test runners and gates said in a log: node tooling/commands/tally.mjs LOG [STATUS] → `N passed, N failed`.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const NODE_TEST = /^(?:ℹ|#) (pass|fail|cancelled) (\d+)$/;
const GATES = /^(?:check|verify): (\d+) passed, (\d+) failed$/;

/** Passed and failed, over vitest (`Tests  1 failed | 4 passed (5)`), node:test (`ℹ pass 4`) and gates. */
export function tally(log) {
  let [passed, failed] = [0, 0];
  for (const raw of log.split('\n')) {
    // Without the name that turbo puts before each line.
    const line = stripVTControlCharacters(raw)
      .replace(/^\S+:\S+: /, '')
      .trim();
    const node = NODE_TEST.exec(line);
    const gates = GATES.exec(line);
    if (node?.[1] === 'pass') passed += Number(node[2]);
    else if (node) failed += Number(node[2]);
    else if (gates) [passed, failed] = [passed + Number(gates[1]), failed + Number(gates[2])];
    else if (/^Tests\s+.*\(\d+\)$/.test(line)) {
      passed += Number(/(\d+) passed/.exec(line)?.[1] ?? 0);
      failed += Number(/(\d+) failed/.exec(line)?.[1] ?? 0);
    }
  }
  return { passed, failed };
}

if (process.argv[1] === import.meta.filename) {
  const [file, status = '0'] = process.argv.slice(2);
  const { passed, failed } = tally(readFileSync(file, 'utf8'));
  // A step that fails before its tests begin counts as one.
  console.log(`${passed} passed, ${failed === 0 && status !== '0' ? 1 : failed} failed`);
}
