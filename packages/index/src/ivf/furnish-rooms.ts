import { roundUp, WORDS, type IvfShape } from './ivf-layout.ts';
import type { IvfMemory } from './ivf-memory.ts';

/**
 * Gives each thread's Room what it writes to while rows are dealt to lists, coded, or learnt words from.
 *
 * @returns Takes it back
 * @throws `ERR_MEMORY`
 */
export function furnishRooms(
  memory: IvfMemory,
  rooms: readonly number[],
  { width, subspaces, subspaceSize }: IvfShape,
  partitions: number,
): () => void {
  const coding = roundUp(subspaces, 64) + subspaces * WORDS * 8 + 64;
  const sizes = {
    short: roundUp(width, 16) * 2,
    keys: roundUp(partitions, 16) * 4,
    spare: Math.max(coding, WORDS * 4 * (subspaceSize + 2)),
  };
  const held: [at: number, bytes: number][] = [];
  const free = (): void => {
    for (const [at, bytes] of held) memory.free(at, bytes);
  };
  const take = (bytes: number): number => {
    const at = memory.allocate(bytes);
    held.push([at, bytes]);
    return at;
  };
  try {
    for (const room of rooms) {
      memory.write('room', room, { short: take(sizes.short), keys: take(sizes.keys), spare: take(sizes.spare) });
    }
  } catch (error) {
    free();
    throw error;
  }
  return free;
}
