import type { Sampler } from '@simile/core';
import type { LabelledItems } from '@simile/core/items';
import { dispose } from '@simile/core/ops';
import { expect, test } from 'vitest';
import { digits, gain } from '../../test/gain.ts';
import { augment } from '../../test/train-recipe.ts';
import { supConRecipe } from './sup-con.ts';

const make = (data: LabelledItems): ReturnType<typeof supConRecipe> => supConRecipe(data, { augment });

test('has the settings of the paper', async () => {
  const recipe = make((await digits()).gallery);
  const { loss } = recipe.compile;
  expect(recipe.name).toBe('sup-con');
  expect(loss.options).toMatchObject({ temperature: 0.1 });
  recipe.dispose();
});

test('learns from 500 digits', async () => {
  expect(await gain(make)).toBeGreaterThan(0.2); // 0.4 was seen
});

test('its batches are two views of each item with the class of the item', async () => {
  const { gallery } = await digits();
  const recipe = supConRecipe(gallery, { augment: (items) => ({ ...items, data: Float32Array.from(items.data) }) });
  for await (const { x, labels } of recipe.data as Sampler) {
    expect([x.shape, labels.dtype]).toEqual([[128, 28, 28, 1], 'int32']);
    const [images, classes] = [await x.data(), [...(await labels.data())]];
    dispose([x, labels]);
    expect(classes.slice(64)).toEqual(classes.slice(0, 64));
    classes.forEach((label, i) => {
      const image = images.subarray(784 * i, 784 * i + 784);
      const rows = [...gallery.labels.keys()].filter((row) =>
        image.every((pixel, k) => pixel === gallery.x.data[784 * row + k]),
      );
      expect(rows.map((row) => gallery.labels[row])).toContain(label);
    });
    break;
  }
  recipe.dispose();
});
