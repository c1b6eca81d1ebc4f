import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runGates, type Gate } from './run.ts';

const gate = (name: string, script: string): Gate => ({ name, command: [process.execPath, '-e', script] });
const gates = [gate('good', 'console.log(1)'), gate('bad', 'console.error("why"); process.exit(3)')];

test('a gate passes when its command ends with 0, and keeps what a failed one said', async () => {
  const outcomes = await runGates(gates, []);
  assert.deepEqual(
    outcomes.map(({ name, passed, output }) => [name, passed, output]),
    [
      ['good', true, '1\n'],
      ['bad', false, 'why\n'],
    ],
  );
});

test('only the gates asked for run, and an unknown name is an error', async () => {
  assert.deepEqual(
    (await runGates(gates, ['good'])).map(({ name }) => name),
    ['good'],
  );
  await assert.rejects(runGates(gates, ['god']), { message: 'no gate named god; there are good, bad' });
});

test('a command that does not start is a failure', async () => {
  const [outcome] = await runGates([{ name: 'none', command: ['/no/such/program'] }], []);
  assert.equal(outcome?.passed, false);
  assert.match(outcome?.output ?? '', /ENOENT/);
});
