import { expect, test } from 'vitest';
import { MemoryStore } from '../../test/memory-store.ts';
import { SnapshotSource } from './snapshot-source.ts';

test('a snapshot is replaced only once nothing is being read, and is not read after', async () => {
  const store = new MemoryStore({ files: new Map([['snapshot', Uint8Array.of(1, 2, 3, 4)]]) });
  const source = new SnapshotSource(store, 4);
  const into = new Uint8Array(4);
  const done: string[] = [];
  const reads = (async () => {
    for (let at = 0; at < 4; at++) await source.read(at, into.subarray(at, at + 1)); // one begins when another ends
    done.push('read');
  })();
  await source.end();
  done.push('ended');
  await reads;
  expect(done).toEqual(['read', 'ended']);
  expect([...into]).toEqual([1, 2, 3, 4]);
  expect(source.readNow).toBeUndefined();
  await expect(source.read(0, into)).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: index: the snapshot of memory must be read before it is replaced. Open the index again. [ERR_STATE]]`,
  );
});
