import { selectBackend, type BackendName, type BackendReport } from '@simile/core/backend';
import { checkInteger } from '@simile/core/errors';
import type { LabelledItems } from '@simile/core/items';
import type { SimilarityModel, TrainingHistory, TrainingStep } from '@simile/models';
import { lastOfEach } from './classes.ts';
import { evaluate, type Evaluation } from './figures.ts';
import { simileRecipe, type Recipe } from './recipe.ts';

/** What the hello world is doing, for a progress bar. */
export type Progress =
  | { readonly stage: 'backend'; readonly report: BackendReport }
  | { readonly stage: 'train'; readonly step: TrainingStep }
  | { readonly stage: 'index' | 'evaluate' };

/** Options of {@link helloWorld}. */
export interface HelloWorldOptions {
  readonly train: LabelledItems<Uint8Array>;
  readonly test: LabelledItems<Uint8Array>;
  /** Weights, batches and augmentation follow from it. Default 1. */
  readonly seed?: number;
  readonly recipe?: Recipe;
  /** Training steps; default those of the recipe. */
  readonly steps?: number;
  readonly backend?: BackendName | 'auto';
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the training early; the rest of the job is done with what was learnt. */
  readonly signal?: AbortSignal;
}

/** What a hello world leaves: figures, model and history. The model is the caller's to dispose. */
export interface HelloWorldResult extends Evaluation {
  readonly seed: number;
  readonly recipe: Recipe;
  readonly backend: BackendReport;
  readonly model: SimilarityModel;
  readonly history: TrainingHistory;
  readonly steps: number;
  /** Wall time of the training alone. */
  readonly trainSeconds: number;
  /** Wall time of all of it. */
  readonly seconds: number;
}

/**
 * The main job on MNIST: train on six of the ten digits, index 200 images of all ten, calibrate, and match digits that
 * were never trained on. About three minutes on two cores with the default recipe.
 *
 * @throws `ERR_OPTION` for a seed or steps that are not whole numbers; what `selectBackend` and `fit` throw
 * @example
 * const [train, test] = [await mnist(), await mnist({ split: 'test' })];
 * const { figures } = await helloWorld({ train, test, steps: 300 });
 */
export async function helloWorld({
  train,
  test,
  seed = 1,
  recipe = simileRecipe,
  steps = recipe.steps,
  backend = 'auto',
  onProgress = () => {},
  signal,
}: HelloWorldOptions): Promise<HelloWorldResult> {
  checkInteger('hello-world', { seed }, 0);
  checkInteger('hello-world', { steps }, 1);
  const started = performance.now();
  const report = await selectBackend({ prefer: backend, training: true });
  onProgress({ stage: 'backend', report });

  const model = recipe.model(seed);
  model.compile({ optimizer: 'adam', loss: recipe.loss });
  const trainStarted = performance.now();
  const history = await model.fit(recipe.sampler(train, { seed, stepsPerEpoch: steps }), {
    epochs: 1,
    learningRateSchedule: recipe.learningRate(steps),
    onStep: (step) => onProgress({ stage: 'train', step }),
    ...(signal ? { signal } : {}),
  });
  const trainSeconds = (performance.now() - trainStarted) / 1000;

  onProgress({ stage: 'index' });
  const gallery = lastOfEach(train, 20);
  await model.index(gallery.x, { labels: gallery.labels, data: gallery.x });
  onProgress({ stage: 'evaluate' });
  const evaluation = await evaluate(model, train, test);
  return {
    ...evaluation,
    seed,
    recipe,
    backend: report,
    model,
    history,
    steps: history.losses.length,
    trainSeconds,
    seconds: (performance.now() - started) / 1000,
  };
}
