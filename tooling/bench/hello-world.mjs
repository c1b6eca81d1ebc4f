// pnpm bench hello-world [--json] [--runs seeds]: the MNIST hello world on seeds 1, 2, 3 with the default recipe, then the
// equal race: TensorFlow Similarity's own model, loss, batches, rate and 1,000 steps against its recorded three seeds.
import { bench, load } from './harness.mjs';

const { helloWorld, simileRecipe, tensorFlowSimilarity, tensorFlowSimilarityRecipe } = await load('simile/hello-world');
const { mnist } = await load('@simile/datasets');

await bench('hello-world', async ({ row, progress, options }) => {
  const [train, test] = [await mnist({ split: 'train' }), await mnist({ split: 'test' })];
  const seeds = Array.from({ length: options.runs ?? 3 }, (_, i) => i + 1);
  const reference = tensorFlowSimilarity[1000];

  const runAll = async (recipe) => {
    const runs = [];
    for (const seed of seeds) {
      const { figures, steps, trainSeconds, seconds, model } = await helloWorld({
        train,
        test,
        seed,
        recipe,
        onProgress: ({ stage, step }) => {
          if (stage === 'train' && step.step % 100 === 99)
            progress(`${recipe.name}, seed ${seed}: step ${step.step + 1}`);
        },
      });
      model.dispose();
      runs.push({
        seed,
        f1: figures.f1,
        binaryAccuracy: figures.binaryAccuracy,
        precision: figures.precision,
        recall: figures.recall,
        firstTen: figures.firstTenRight,
        unseenMapAtR: figures.unseenMapAtR,
        steps,
        seconds: Number(seconds.toFixed(1)),
        secondsAStep: Number((trainSeconds / steps).toFixed(4)),
        figures,
      });
      progress(`${recipe.name}, seed ${seed}: f1 ${figures.f1.toFixed(4)}, binary accuracy ${figures.binaryAccuracy}`);
    }
    for (const [metric, name] of [
      ['f1', 'f1'],
      ['binaryAccuracy', 'binaryAccuracy'],
      ['unseenMapAtR', 'unseenMapAtR'],
      ['firstTen', 'firstTenRight'],
    ]) {
      row({
        case: `${recipe.name}, ${runs[0].steps} steps`,
        metric,
        unit: '',
        ours: runs.map((run) => run[metric]),
        peer: 'TensorFlow Similarity 0.18, its own hello world, 1000 steps, mean of three seeds',
        theirs: reference[name].mean,
      });
    }
    return runs;
  };

  const ours = await runAll(simileRecipe);
  const race = await runAll(tensorFlowSimilarityRecipe);
  const mean = (runs, key) => runs.reduce((sum, run) => sum + run[key], 0) / runs.length;
  return {
    seeds: ours,
    meanF1: mean(ours, 'f1'),
    meanBinaryAccuracy: mean(ours, 'binaryAccuracy'),
    race: { seeds: race, theirs: reference },
    note: "The default recipe's gain is the recipe's, not a library's: TensorFlow Similarity given this recipe should gain as well. The race trains its own model, loss, batches, rate and steps.",
  };
});
