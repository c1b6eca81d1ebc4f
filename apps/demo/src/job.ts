import { selectBackend, type BackendName } from '@simile/core/backend';
import { sliceItems, type Items, type LabelledItems } from '@simile/core/items';
import type { Id } from '@simile/index';
import { loadSimilarityModel, type SimilarityModel } from '@simile/models';
import { digitOrder, lastOfEach, simileRecipe } from 'simile/hello-world';
import { fetchDigits, type Digits } from './digits-file.ts';
import { inTurn } from './in-turn.ts';
import type { Digit, Embedded, Found, Indexed, Stage, Started, Trained, TrainingListener } from './job-contract.ts';
import { rarely } from './rarely.ts';
import { allRecords, imagesOf } from './records.ts';
import { chosenCutpoint } from './threshold.ts';
import { wasmPaths } from './wasm-paths.ts';

/** Records of each digit in the index, and on the map while training. */
const EACH = 20;

let started = false;
let digits: Digits | undefined;
let model: SimilarityModel | undefined;
let abort = new AbortController();
let taught = new Map<string, Id[]>();
const turn = inTurn();

/** The whole job, in a worker, so that the page stays live. Calls wait for each other, but for `stop`. */
export const job = {
  /** Starts the backend to compute on, and takes the model along. */
  start: (prefer: 'auto' | BackendName): Promise<Started> =>
    turn(async () => {
      const kept = await model?.toBytes();
      const report = await selectBackend({ prefer, training: true, wasmPaths: wasmPaths() });
      started = true;
      if (!kept) return { report, moved: undefined };
      model?.dispose();
      model = undefined;
      model = await loadSimilarityModel(kept);
      return { report, moved: model.indexSize };
    }),

  /** Fetches the digits; answers test digits to look at and search for, `each` of every class in the order of the classes. */
  load: (address: string, each: number): Promise<Digit[]> =>
    turn(async () => {
      digits ??= await fetchDigits(address);
      const { x, labels } = digits.test;
      return digitOrder.flatMap((digit) => {
        const rows = [...labels.keys()].filter((row) => labels[row] === digit).slice(0, each);
        return rows.map((row) => ({ pixels: sliceItems(x, row, row + 1).data.slice(), label: digit }));
      });
    }),

  /** Trains a new model. */
  train: ({ steps, seed }: { steps: number; seed: number }, listener: TrainingListener): Promise<Trained> =>
    turn(async () => {
      if (!digits || !started) throw new Error('Start a backend and load the digits first.');
      model?.dispose();
      taught = new Map();
      abort = new AbortController();
      const mine = (model = simileRecipe.model(seed));
      mine.compile({ optimizer: 'adam', loss: simileRecipe.loss });
      const { x, labels } = lastOfEach(digits.train, EACH);
      const look = rarely(async () => {
        const { data: values, shape } = await mine.predict(x);
        listener.embedded({ values, dimension: shape[1]!, labels: Array.from(labels), pixels: x.data });
      });
      const history = await mine.fit(simileRecipe.sampler(digits.train, { seed, stepsPerEpoch: steps }), {
        signal: abort.signal,
        learningRateSchedule: simileRecipe.learningRate(steps),
        callbacks: { onTrainBegin: look, onBatchEnd: look },
        onStep: ({ step, loss, milliseconds, secondsLeft }) =>
          listener.step({ step: step + 1, loss, milliseconds, secondsLeft }),
      });
      return { steps: history.losses.length, stopped: history.cancelled, seconds: history.milliseconds / 1000 };
    }),

  /** Ends a training after the step at hand, what was learnt being kept; or indexing, between two batches. */
  stop: (): void => abort.abort(),

  /** Indexes twenty images of each digit, calibrates on `count` others and tries as many test digits. */
  index: (count: number, tell: (stage: Stage) => void): Promise<Indexed> =>
    turn(async () => {
      const { train, test } = digits!;
      const { signal } = (abort = new AbortController());
      await model!.resetIndex();
      taught = new Map();
      tell('index');
      const gallery = lastOfEach(train, EACH);
      await model!.index(gallery.x, { labels: gallery.labels, data: gallery.x, signal });
      tell('calibrate');
      const queries = first(train, count);
      const calibration = await model!.calibrate(queries.x, queries.labels, { signal });
      tell('match');
      const { x, labels } = first(test, count);
      const nearest = await model!.lookup(x, { k: 1, signal });
      const tried = {
        truth: labels,
        label: Int32Array.from(nearest, ([neighbor]) => Number(neighbor!.label)),
        distance: Float32Array.from(nearest, ([neighbor]) => neighbor!.distance),
      };
      return { size: model!.indexSize, dimension: model!.dimension!, calibration, tried };
    }),

  /** Everything in the index, for the map. */
  records: (): Promise<Embedded> => turn(() => allRecords(model!.vectorIndex)),

  /** The nearest records of one digit, and what it is taken for up to a distance. */
  search: (pixels: Uint8Array, { k, distance }: { k: number; distance: number }): Promise<Found> =>
    turn(async () => {
      const index = model!.vectorIndex;
      const embedding = await model!.predict(imagesOf([pixels]));
      const [match] = await index.match(embedding, { k: 1, cutpoint: distance });
      const [neighbors] = await index.search(embedding, { k });
      const order = new Map(Array.from(index, ({ id }, row) => [id, row]));
      const rows = neighbors!.map(({ id }) => order.get(id)!);
      return { ...match!, neighbors: neighbors!, embedding: embedding.data, rows };
    }),

  /** Adds a class by examples alone; nothing is trained. Answers the size of the index. */
  teach: (name: string, examples: readonly Uint8Array[]): Promise<number> =>
    turn(async () => {
      const x = imagesOf(examples);
      const ids = await model!.index(x, { labels: examples.map(() => name), data: x });
      taught.set(name, [...(taught.get(name) ?? []), ...ids]);
      return model!.indexSize;
    }),

  /** Takes a taught class out again. Answers the size of the index. */
  forget: (name: string): Promise<number> =>
    turn(async () => {
      await model!.vectorIndex.remove(taught.get(name) ?? []);
      taught.delete(name);
      return model!.indexSize;
    }),

  /** The model with all that was taught, as one file, the distance chosen on the page under the name `chosen`. */
  save: (distance: number): Promise<Uint8Array> =>
    turn(() => {
      const index = model!.vectorIndex;
      const calibration = index.calibration!;
      const chosen = chosenCutpoint(calibration, distance);
      index.setCalibration({ ...calibration, cutpoints: { ...calibration.cutpoints, chosen } });
      return model!.toBytes();
    }),
};

/** The job as the page calls it. */
export type Job = typeof job;

function first({ x, labels }: LabelledItems<Uint8Array>, count: number): { x: Items<Uint8Array>; labels: Int32Array } {
  return { x: sliceItems(x, 0, count), labels: labels.slice(0, count) };
}
