// npm run hello-world [-- STEPS]: the MNIST hello world with this loss in the place of Simile's.
import { mnist } from '@simile/datasets';
import { figureTable, helloWorld, simileRecipe } from 'simile/hello-world';
import { softmaxRatio } from './index.ts';

const steps = Number(process.argv[2] ?? 300);
const [train, test] = await Promise.all([mnist({ split: 'train' }), mnist({ split: 'test' })]);
const recipe = {
  ...simileRecipe,
  name: 'softmax-ratio',
  about: "Simile's recipe with another loss",
  loss: softmaxRatio(),
};
const result = await helloWorld({ train, test, recipe, steps });
console.log(figureTable(result));
