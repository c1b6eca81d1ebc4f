// Balanced batches: classes and examples
// Each batch holds so many classes and so many examples of each; mirrored digits can be classes of their own.
import { mnist, multiShotSampler, selectBackend } from 'simile';

await selectBackend();
const data = await mnist({ folder: 'data/mnist' });

const sampler = multiShotSampler(data, { classesPerBatch: 4, examplesPerClass: 3, seed: 7 });
for await (const { x, labels } of sampler) {
  console.log(x.shape.join(' × ')); // → 12 × 28 × 28 × 1
  const ids = [...(await labels.data())];
  console.log(new Set(ids).size, ids[0] === ids[1] && ids[1] === ids[2]); // → 4 true
  x.dispose(); // whoever takes a batch owns its tensors
  labels.dispose();
  break; // the stream has no end
}

// The same seed gives the same batches, on every machine, also from the middle on.
const again = multiShotSampler(data, { classesPerBatch: 4, examplesPerClass: 3, seed: 7 });
const firstOf = (steps: Generator<{ readonly labels: Int32Array }>): string => String(steps.next().value?.labels);
console.log(firstOf(sampler.items(100)) === firstOf(again.items(100))); // → true

// Twos and sevens in a mirror are two more classes; rare classes may repeat their examples.
const flipped = multiShotSampler(data, {
  classesPerBatch: 12,
  flippedClasses: [
    { from: 2, flip: 'horizontal' },
    { from: 7, flip: 'horizontal' },
  ],
  totalExamplesPerClass: 1,
  onShortClass: 'repeat',
});
console.log(flipped.classes.join(' ')); // → 0 1 2 3 4 5 6 7 8 9 10 11
console.log(flipped.batchSize, flipped.size); // → 24 10
