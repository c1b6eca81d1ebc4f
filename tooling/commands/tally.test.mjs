import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tally } from './tally.mjs';

test('what vitest, node:test and the gates counted is added up', () => {
  const log = [
    '@simile/core:test: \u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m41 passed\u001b[39m\u001b[22m\u001b[90m (41)\u001b[39m',
    '@simile/losses:test:       Tests  1 failed | 4 passed | 2 skipped (7)',
    '@simile/losses:test: Test Files  1 failed | 3 passed (4)',
    '@tooling/checks:test: ℹ tests 9',
    '@tooling/checks:test: ℹ pass 7',
    '@tooling/checks:test: ℹ fail 1',
    '@tooling/checks:test: ℹ cancelled 1',
    '# pass 2',
    'check: 5 passed, 1 failed',
    'Tests are great, 3 passed',
  ].join('\n');
  assert.deepEqual(tally(log), { passed: 41 + 4 + 7 + 2 + 5, failed: 1 + 1 + 1 + 1 });
});
