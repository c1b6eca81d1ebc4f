import { crc32 } from '@simile/core/container';
import { damaged, entryEnd, FRAME, HEAD, readFrame, readHead } from './journal-frame.ts';
import type { Store } from './store.ts';

/** Bytes read at a time. */
const WINDOW = 1 << 20;

/** What is done about entries in the middle that cannot be read: refuse, or go on without them and all that follow. */
export type OnDamage = 'error' | 'cut';

/** What a journal holds. */
export interface JournalContents {
  /** Where the last whole entry ends; undefined when there is no journal, so that the next change begins one. */
  readonly size: number | undefined;
  /** Whether there is one that counts for nothing, and must make room before the snapshot is replaced again. */
  readonly stale: boolean;
  /** Bytes after it, left by a write that was cut off. */
  readonly torn: number;
}

/** Which journal is wanted. */
export interface WantedJournal {
  /** The snapshot to go on from. */
  readonly generation: string;
  /** The one before, whose journal is part of this one already. */
  readonly previous: string | undefined;
  readonly onDamage: OnDamage;
}

/**
 * Gives each whole entry to `use`, in order. A last entry that was cut off is passed over.
 *
 * @throws `ERR_FILE` for damage before the end, or a journal of another snapshot; what `use` throws
 */
export async function readJournal(
  store: Store,
  { generation, previous, onDamage }: WantedJournal,
  use: (payload: Uint8Array) => void | Promise<void>,
): Promise<JournalContents> {
  const length = await store.size('journal');
  if (length === undefined) return { size: undefined, stale: false, torn: 0 };
  const head = new Uint8Array(Math.min(HEAD, length));
  await store.read('journal', 0, head);
  try {
    const of = readHead(head);
    if (of === previous) return { size: undefined, stale: true, torn: 0 };
    if (of !== generation) throw damaged('the journal must be that of the snapshot beside it', of);
  } catch (error) {
    if (onDamage === 'error') throw error;
    return { size: undefined, stale: true, torn: 0 };
  }

  const read = windowed(store, length);
  let at = HEAD;
  while (at < length) {
    const frame = at + FRAME <= length ? readFrame(await read(at, FRAME), at, generation) : undefined;
    const end = frame && entryEnd(at, frame.length);
    const payload = end && end <= length ? await read(at + FRAME, end - at - FRAME) : undefined;
    const whole =
      payload &&
      crc32(payload.subarray(0, frame!.length)) === frame!.checksum &&
      payload.subarray(frame!.length).every((byte) => byte === 0);
    if (!whole) {
      if (onDamage === 'error' && (await wasDurable(read, at, length, generation))) {
        throw damaged('the entry of the journal that begins there must be whole', at);
      }
      return { size: at, stale: false, torn: length - at };
    }
    if (frame!.length > 0) await use(payload.subarray(0, frame!.length));
    at = end!;
  }
  return { size: at, stale: false, torn: 0 };
}

type Read = (at: number, length: number) => Promise<Uint8Array>;

/** Whether an entry behind a place says that the place was safe on the disk. Then it is damaged; else its write was cut off. */
async function wasDurable(read: Read, place: number, length: number, generation: string): Promise<boolean> {
  for (let at = place + FRAME; at + FRAME <= length; at += FRAME) {
    const frame = readFrame(await read(at, FRAME), at, generation);
    if (frame && frame.durable > place) return true;
  }
  return false;
}

/** Reads from the journal through a window, so that small entries cost no read each. */
function windowed(store: Store, length: number): Read {
  let window = new Uint8Array();
  let begin = 0;
  return async (at, size) => {
    if (at < begin || at + size > begin + window.length) {
      begin = at;
      window = new Uint8Array(Math.max(size, Math.min(WINDOW, length - at)));
      await store.read('journal', at, window);
    }
    return window.subarray(at - begin, at - begin + size);
  };
}
