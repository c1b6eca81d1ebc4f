import { expect, test } from 'vitest';
import { moduleNames } from '../../modules/module-names.ts';

test('programs may import our packages with their subpaths, and tfjs', () => {
  const names = moduleNames();
  expect(names).toEqual(expect.arrayContaining(['simile', '@simile/core/backend', '@simile/losses']));
  expect(names).toEqual(expect.arrayContaining(['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']));
});

test('files of packages are no modules', () => {
  expect(moduleNames().filter((name) => /json|\*/.test(name))).toEqual([]);
});
