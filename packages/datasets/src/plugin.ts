import type { Plugin } from '@simile/core';
import { fashionMnist } from './fashion-mnist.ts';
import { mnist } from './mnist.ts';

/** The data sets of this package by id. */
const plugin: Plugin = {
  spec: 1,
  name: '@simile/datasets',
  datasets: { 'fashion-mnist': fashionMnist, mnist },
  aliases: { fashion_mnist: 'fashion-mnist', fashionmnist: 'fashion-mnist' },
};

export default plugin;
