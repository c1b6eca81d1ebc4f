import { WORDS } from './ivf-layout.ts';
import type { IvfModel } from './ivf-model.ts';
import type { IvfThreads } from './ivf-threads.ts';
import type { Pace } from './pace.ts';

const WORD_ROUNDS = 10;

/** Words of each subspace, from residuals that lie where the sample did. */
export async function learnWords(
  model: IvfModel,
  threads: IvfThreads['threads'],
  residuals: number,
  count: number,
  pace: Pace,
): Promise<void> {
  const { memory, shape, layout } = model;
  const { stride, subspaces, subspaceSize } = shape;
  const { f32 } = memory.views;
  for (let value = 0; value < subspaces * subspaceSize; value++) {
    for (let word = 0; word < WORDS; word++) {
      const row = Math.floor((word * count) / WORDS);
      f32[model.codebooks / 4 + value * WORDS + word] = f32[residuals / 4 + row * stride + value]!;
    }
  }
  // Some at a time, so that others have a turn between.
  const some = threads.count > 1 ? threads.count * 4 : 1;
  for (let first = 0; first < subspaces; first += some) {
    const words = model.codebooks + first * subspaceSize * WORDS * 4;
    const args = [layout, residuals + first * subspaceSize * 4, words, count, stride, WORD_ROUNDS];
    await threads.run('trainMany', args, { count: Math.min(some, subspaces - first), chunk: 1 });
    await pace.pause();
  }
}
