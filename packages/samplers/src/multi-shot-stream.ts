import type { Augmenter } from '@simile/core';
import { checkInteger } from '@simile/core/errors';
import { flipItems, sliceItems, type Items, type LabelledItems } from '@simile/core/items';
import { createRandom } from '@simile/core/random';
import { checkAugmented } from './checks.ts';
import { gatherFloats } from './gather-floats.ts';
import { rowStream } from './row-stream.ts';

const ID = 'multi-shot-sampler';

/** A class to draw from: its id in batches, its rows in the data, and how they are turned over. */
export interface DrawnClass {
  readonly id: number;
  readonly rows: Int32Array;
  readonly flip: 'horizontal' | 'vertical' | undefined;
}

/** Options of {@link multiShotStream}. */
export interface MultiShotStreamOptions {
  classesPerBatch: number;
  examplesPerClass: number;
  seed: number;
  shuffle: boolean;
  augment: Augmenter | undefined;
  /** Step to begin with; what comes before is drawn, but not made. */
  from: number;
}

/** Balanced batches as plain data, without end. */
export function* multiShotStream(
  x: Items,
  classes: readonly DrawnClass[],
  options: MultiShotStreamOptions,
): Generator<LabelledItems<Float32Array>, void, void> {
  const { classesPerBatch, examplesPerClass, seed, shuffle, augment, from } = options;
  checkInteger(ID, { from }, 0);
  const random = createRandom(seed);
  const order = random.fork('classes');
  const streams = classes.map(({ id, rows }) => rowStream(rows, shuffle ? random.fork(`rows of ${id}`) : undefined));
  for (let step = 0; ; step++) {
    const picked = order.choose(classesPerBatch, classes.length);
    const rows = picked.flatMap((i) => streams[i]!(examplesPerClass));
    if (step < from) continue;
    const batch = gatherFloats(x, rows);
    for (const [i, place] of picked.entries()) {
      const { flip } = classes[place]!;
      if (flip) flipItems(sliceItems(batch, i * examplesPerClass, (i + 1) * examplesPerClass), flip);
    }
    const labels = Int32Array.from(rows, (_, i) => classes[picked[Math.floor(i / examplesPerClass)]!]!.id);
    if (!augment) yield { x: batch, labels };
    // A stream of its own for each step, so that starting at a later step needs no augmentation of those before.
    else yield { x: checkAugmented(ID, augment(batch, random.fork(`augment ${step}`)), rows.length), labels };
  }
}
