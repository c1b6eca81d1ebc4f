import type * as Files from 'node:fs';
import type * as FilePromises from 'node:fs/promises';
import type * as Os from 'node:os';
import { nodeModule } from '@simile/core/platform';
import { inUse } from './store-error.ts';

/** Who holds a lock. */
interface Owner {
  readonly process: number;
  readonly host: string;
  /** When the process started, where the system tells: another process may have the number by now. */
  readonly started: string | undefined;
  readonly token: string;
}

/** A lock without its owner's name is one in the making, for this long. */
const MAKING = 2000;
const TRIES = 40;

/**
 * Creates a lock file, or takes over one whose owner is dead. Gives what releases it.
 *
 * @throws `ERR_STATE` while its owner lives, or is on another machine, of which nothing can be told from here
 */
export async function acquireLockFile(path: string, target: string): Promise<() => Promise<void>> {
  const fs = nodeModule<typeof FilePromises>('node:fs/promises')!;
  const { pid } = process;
  const token = crypto.randomUUID();
  const own: Owner = { process: pid, host: hostname(), started: startOf(pid), token };
  for (let attempt = 0; ; attempt++) {
    try {
      await fs.writeFile(path, JSON.stringify(own), { flag: 'wx' });
      return async () => {
        if ((await readOwner(fs, path))?.token === token) await fs.rm(path, { force: true });
      };
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    }
    const owner = await readOwner(fs, path);
    if (owner && !isDead(owner)) throw inUse(target, describe(owner));
    if (attempt === TRIES) throw inUse(target, `${path}, a lock that says of no one`);
    const age = await fs.stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (owner || age > MAKING) await removeDead(fs, path);
    else await wait(50);
  }
}

/** Removes a lock whose owner is dead. One process does at a time, so that none removes the lock of one that came first. */
async function removeDead(fs: typeof FilePromises, path: string): Promise<void> {
  const guard = `${path}.dead`;
  try {
    await fs.mkdir(guard);
  } catch {
    const { mtimeMs } = await fs.stat(guard).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > MAKING) await fs.rmdir(guard).catch(() => undefined); // died right here
    return wait(25);
  }
  try {
    const owner = await readOwner(fs, path);
    if (!owner || isDead(owner)) await fs.rm(path, { force: true });
  } finally {
    await fs.rmdir(guard).catch(() => undefined);
  }
}

async function readOwner(fs: typeof FilePromises, path: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await fs.readFile(path, 'utf8')) as Partial<Owner>;
    return typeof owner.process === 'number' && typeof owner.token === 'string' ? (owner as Owner) : undefined;
  } catch {
    return undefined; // gone, or in the making
  }
}

function isDead({ process: number, host, started }: Owner): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(number, 0); // asks, and sends nothing
  } catch (error) {
    return (error as { code?: unknown }).code === 'ESRCH';
  }
  const now = startOf(number);
  return started !== undefined && now !== undefined && started !== now;
}

/** When a process started, in ticks since the machine did, with the name of that run of the machine; Linux tells. */
function startOf(number: number): string | undefined {
  const { readFileSync } = nodeModule<typeof Files>('node:fs')!;
  try {
    const fields = readFileSync(`/proc/${number}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
    const machine = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[19] && `${machine} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

const hostname = (): string => nodeModule<typeof Os>('node:os')!.hostname();

const describe = ({ process: number, host }: Owner): string =>
  number === process.pid && host === hostname() ? `open in this process, ${number}` : `process ${number} on ${host}`;

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
