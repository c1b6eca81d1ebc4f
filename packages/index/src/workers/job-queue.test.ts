import { expect, it } from 'vitest';
import { JobQueue } from './job-queue.ts';

/** Jobs that end when told. */
function jobs(queue: JobQueue): {
  start: (name: string, signal?: AbortSignal) => Promise<string>;
  end: (name: string) => void;
  begun: string[];
} {
  const ends = new Map<string, () => void>();
  const begun: string[] = [];
  const start = (name: string, signal?: AbortSignal): Promise<string> =>
    queue.run(async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    }, signal);
  return { start, end: (name) => ends.get(name)!(), begun };
}

it('runs so many at once, in order, and lets others in when they end', async () => {
  const { start, end, begun } = jobs(new JobQueue('here', 10, 2));
  const all = ['a', 'b', 'c', 'd'].map((name) => start(name));
  expect(begun).toEqual(['a', 'b']);
  end('b');
  expect(await all[1]).toBe('b');
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'c']);
  end('c');
  await all[2];
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  end('a');
  end('d');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

it('goes on after a job that failed, and past one that left', async () => {
  const queue = new JobQueue('here', 10);
  const { start, end, begun } = jobs(queue);
  const controller = new AbortController();
  const failing = queue.run(() => Promise.reject(new Error('no')));
  const left = start('left', controller.signal);
  const stays = start('stays');
  controller.abort();
  await expect(left).rejects.toThrow('ERR_ABORTED');
  await expect(failing).rejects.toThrow('no');
  await Promise.resolve();
  expect(begun).toEqual(['stays']);
  end('stays');
  await stays;
  await expect(start('late', controller.signal)).rejects.toThrow('ERR_ABORTED');
  const last = start('last');
  expect(begun).toEqual(['stays', 'last']);
  end('last');
  await last;
});

it('refuses those that wait when it is closed, and lets what runs end', async () => {
  const queue = new JobQueue('here', 1);
  const { start, end } = jobs(queue);
  const runs = start('runs');
  const waits = start('waits');
  await expect(start('one too many')).rejects.toThrow('at most 1 calls may wait');
  queue.close();
  await expect(waits).rejects.toThrow('here: nothing may be called after close.');
  end('runs');
  expect(await runs).toBe('runs');
});
