// Augmenters: one digit, many ways
// Turned, scaled, sheared, moved, bent: each picture shows a digit and six warps of it, and how far apart their pixels are.
import { takeItems } from '@simile/core/items';
import { createRandom } from '@simile/core/random';
import {
  augmentWith,
  drawNeighbors,
  elasticDisplacement,
  mnist,
  randomAffine,
  randomFlip,
  stackPictures,
} from 'simile';
import type { Augmenter } from 'simile';

const { x, labels } = await mnist({ folder: 'data/mnist' });
const row = labels.indexOf(3);
const digit = takeItems(x, [row]);
const six = takeItems(x, [row, row, row, row, row, row]);

const augmenters: Record<string, Augmenter> = {
  'affine: turned, scaled, sheared, moved': randomAffine({ rotation: 25, logScale: 0.2, shear: 0.3, shift: 3 }),
  'elastic: bent': elasticDisplacement({ grid: 5, deviation: 1.5 }),
  'flipped, then moved': augmentWith(randomFlip({ probability: 0.5 }), randomAffine({ shift: 3 })),
};
const strips = Object.entries(augmenters).map(([title, augment]) => {
  const { data } = augment(six, createRandom(1));
  const warps = [0, 1, 2, 3, 4, 5].map((i) => {
    const pixels = data.subarray(i * 784, (i + 1) * 784);
    const apart = Math.hypot(...pixels.map((value, at) => (value - digit.data[at]!) / 255));
    return { label: 3, distance: apart, data: { data: pixels, shape: [28, 28] } };
  });
  return drawNeighbors(digit, 3, warps, { title });
});
console.log(stackPictures(strips));

// The same stream of random numbers gives the same images; what went in is left alone.
const warp = augmenters['elastic: bent']!;
console.log(String(warp(six, createRandom(5)).data) === String(warp(six, createRandom(5)).data)); // → true
console.log(String(six.data.subarray(0, 784)) === String(digit.data)); // → true
