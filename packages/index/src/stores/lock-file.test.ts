import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLockFile } from './lock-file.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simile-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a lock has one owner, and is gone when released', async () => {
  const release = await acquireLockFile(path, 'it');
  await expect(acquireLockFile(path, 'it')).rejects.toThrow(
    `it must not be open elsewhere, but got 'open in this process`,
  );
  await release();
  expect(await readdir(folder)).toEqual([]);
  await release();
  await (
    await acquireLockFile(path, 'it')
  )();
});

test('a lock of a process that is dead is taken over, by one of many', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']); // has ended
  await writeFile(path, JSON.stringify({ process: pid, host: hostname(), token: 'dead' }));
  const wins = await Promise.allSettled(Array.from({ length: 8 }, () => acquireLockFile(path, 'it')));
  const won = wins.filter(({ status }) => status === 'fulfilled') as PromiseFulfilledResult<() => Promise<void>>[];
  expect(won.length).toBe(1);
  await won[0]!.value();
  expect(await readdir(folder)).toEqual([]);
});

test('a process that has the number of a dead one does not keep its lock', async () => {
  const release = await acquireLockFile(path, 'it');
  const owner = JSON.parse(await readFile(path, 'utf8')) as { started?: string };
  await release();
  if (!owner.started) return; // a system that does not tell when processes started
  await writeFile(path, JSON.stringify({ ...owner, started: `${owner.started}0` }));
  await (
    await acquireLockFile(path, 'it')
  )();
});

test('a lock of another machine is left to it', async () => {
  await writeFile(path, JSON.stringify({ process: 1, host: 'elsewhere', token: 't' }));
  await expect(acquireLockFile(path, 'it')).rejects.toThrow(`got 'process 1 on elsewhere'`);
});

test('a lock that was never finished, and a takeover that was not, are set aside once they are old', async () => {
  await writeFile(path, '');
  await mkdir(`${path}.dead`);
  const long = new Date(Date.now() - 60_000);
  await utimes(path, long, long);
  await utimes(`${path}.dead`, long, long);
  await (
    await acquireLockFile(path, 'it')
  )();
  expect(await readdir(folder)).toEqual([]);
});
