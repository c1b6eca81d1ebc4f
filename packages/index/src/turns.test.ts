import { describe, expect, it } from 'vitest';
import { Turns, type Pause } from './turns.ts';

/** A task that a test ends. */
function gate(): { task: () => Promise<string>; open: (value: string) => void; started: () => boolean } {
  let open!: (value: string) => void;
  let started = false;
  const ended = new Promise<string>((resolve) => (open = resolve));
  const task = (): Promise<string> => {
    started = true;
    return ended;
  };
  return { task, open, started: () => started };
}
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('turns', () => {
  it('run a read at once when nothing stands in the way', () => {
    expect(new Turns().read(() => 7)).toBe(7);
  });

  it('let reads run beside each other and writes alone, in order', async () => {
    const turns = new Turns();
    const [first, second, third] = [gate(), gate(), gate()];
    const reads = [turns.read(first.task), turns.read(second.task)];
    const write = turns.write(third.task);
    const late = turns.read(() => 'late');
    expect([first.started(), second.started(), third.started()]).toEqual([true, true, false]);
    first.open('a');
    await soon();
    expect(third.started()).toBe(false);
    second.open('b');
    await soon();
    expect(third.started()).toBe(true);
    third.open('c');
    expect(await Promise.all([...reads, write, late])).toEqual(['a', 'b', 'c', 'late']);
  });

  it('go on after a task that fails', async () => {
    const turns = new Turns();
    await expect(turns.write(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(() => turns.read(() => expect.unreachable())).toThrow();
    const slow = turns.read(() => Promise.reject(new Error('nor this')));
    const write = turns.write(() => 3);
    await expect(slow).rejects.toThrow('nor this');
    expect(await write).toBe(3);
  });

  it('let reads run in the pauses of a write, but no other write and no read behind one', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const long = turns.write(async (pause: Pause) => {
      seen.push('part 1');
      await pause();
      seen.push('part 2');
      await pause();
      seen.push('part 3');
    });
    const read = turns.read(async () => {
      seen.push('read begins');
      await soon();
      seen.push('read ends');
    });
    const write = turns.write(() => seen.push('other write'));
    const behind = turns.read(() => seen.push('read behind it'));
    await Promise.all([long, read, write, behind]);
    expect(seen).toEqual(['part 1', 'read begins', 'read ends', 'part 2', 'part 3', 'other write', 'read behind it']);
  });
});
