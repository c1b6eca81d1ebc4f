import { selectBackend, type BackendName, type BackendReport } from '@simile/core/backend';
import { sliceItems, type Items, type LabelledItems } from '@simile/core/items';
import type { Id, Match } from '@simile/index';
import { confusionMatrix, type Calibration, type ConfusionMatrix } from '@simile/metrics';
import type { SimilarityModel } from '@simile/models';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import { fetchDigits, type Digits } from './digits-file.ts';
import { digitOrder, lastOfEach, simileRecipe } from 'simile/hello-world';

/** One digit: 28 × 28 bytes, ink white on black. */
export interface Digit {
  readonly pixels: Uint8Array;
  readonly label: number;
}

/** A step of the training as the page shows it. */
export interface StepNews {
  readonly step: number;
  readonly loss: number;
  readonly milliseconds: number;
  readonly secondsLeft: number;
}

/** What came of the training. */
export interface Trained {
  readonly steps: number;
  readonly stopped: boolean;
  readonly seconds: number;
}

/** What came of indexing and calibrating. */
export interface Indexed {
  readonly size: number;
  readonly dimension: number;
  readonly calibration: Calibration;
  readonly confusion: ConfusionMatrix<number>;
  /** Share of the test digits whose nearest record has their class, before any is called unknown. */
  readonly accuracy: number;
}

let backend: Promise<BackendReport> | undefined;
let digits: Digits | undefined;
let model: SimilarityModel | undefined;
let stop: AbortController | undefined;
const taught = new Map<string, Id[]>();

/** The whole job, in a worker, so that the page stays live. One call at a time changes the model. */
export const job = {
  /** Starts the backend to compute on. */
  async start(prefer: 'auto' | BackendName): Promise<BackendReport> {
    const wasmPaths = {
      'tfjs-backend-wasm.wasm': plain,
      'tfjs-backend-wasm-simd.wasm': simd,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
    };
    model?.dispose();
    model = undefined;
    backend = selectBackend({ prefer, training: true, wasmPaths: absolute(wasmPaths) });
    return backend;
  },

  /** Fetches the digits; answers test digits to look at and search for, `each` of every class in the order of the classes. */
  async load(address: string, each: number): Promise<Digit[]> {
    digits ??= await fetchDigits(address);
    const { x, labels } = digits.test;
    return digitOrder.flatMap((digit) => {
      const rows = [...labels.keys()].filter((row) => labels[row] === digit).slice(0, each);
      return rows.map((row) => ({ pixels: sliceItems(x, row, row + 1).data.slice(), label: digit }));
    });
  },

  /** Trains a new model; `tell` hears of every step. */
  async train(steps: number, seed: number, tell: (news: StepNews) => void): Promise<Trained> {
    if (!digits || !backend) throw new Error('Start a backend and load the digits first.');
    await backend;
    model?.dispose();
    taught.clear();
    const signal = (stop = new AbortController()).signal;
    model = simileRecipe.model(seed);
    const rate = simileRecipe.learningRate(steps);
    model.compile({
      optimizer: 'adam',
      loss: simileRecipe.loss,
      ...(typeof rate === 'number' ? { learningRate: rate } : {}),
    });
    const history = await model.fit(simileRecipe.sampler(digits.train, { seed, stepsPerEpoch: steps }), {
      signal,
      ...(typeof rate === 'number' ? {} : { learningRateSchedule: rate }),
      onStep: ({ step, loss, milliseconds, secondsLeft }) => tell({ step: step + 1, loss, milliseconds, secondsLeft }),
    });
    return { steps: history.losses.length, stopped: history.cancelled, seconds: history.milliseconds / 1000 };
  },

  /** Ends the training after the step at hand; what was learnt is kept. */
  stop(): void {
    stop?.abort();
  },

  /** Indexes twenty images of each digit, calibrates on `count` others and matches as many test digits. */
  async index(count: number): Promise<Indexed> {
    const { train } = digits!;
    const test = first(digits!.test, count);
    const gallery = lastOfEach(train, 20);
    await model!.resetIndex();
    taught.clear();
    await model!.index(gallery.x, { labels: gallery.labels, data: gallery.x });
    const queries = first(train, count);
    const calibration = await model!.calibrate(queries.x, queries.labels);
    const matches = await model!.match(test.x);
    const found = matches.map(({ label }) => (label === null ? null : Number(label)));
    const right = matches.filter(({ neighbors }, row) => neighbors[0]?.label === test.labels[row]).length;
    return {
      size: model!.indexSize,
      dimension: model!.dimension!,
      calibration,
      confusion: confusionMatrix(test.labels, found, digitOrder),
      accuracy: right / matches.length,
    };
  },

  /** The nearest records of one digit, and what it is taken for. */
  async search(pixels: Uint8Array, k: number): Promise<Match> {
    const [match] = await model!.match(images([pixels]), { k: 1 });
    const neighbors = await model!.singleLookup(images([pixels]), { k });
    return { ...match!, neighbors };
  },

  /** Adds a class by examples alone; nothing is trained. Answers the size of the index. */
  async teach(name: string, examples: readonly Uint8Array[]): Promise<number> {
    const x = images(examples);
    const ids = await model!.index(x, { labels: examples.map(() => name), data: x });
    taught.set(name, [...(taught.get(name) ?? []), ...ids]);
    return model!.indexSize;
  },

  /** Takes a taught class out again. Answers the size of the index. */
  async forget(name: string): Promise<number> {
    await model!.vectorIndex.remove(taught.get(name) ?? []);
    taught.delete(name);
    return model!.indexSize;
  },
};

/** The job as the page calls it. */
export type Job = typeof job;

function first({ x, labels }: LabelledItems<Uint8Array>, count: number): LabelledItems<Uint8Array> {
  return { x: sliceItems(x, 0, count), labels: labels.slice(0, count) };
}

function images(pixels: readonly Uint8Array[]): Items<Uint8Array> {
  const data = new Uint8Array(pixels.length * 784);
  pixels.forEach((each, i) => data.set(each, i * 784));
  return { data, shape: [pixels.length, 28, 28, 1] };
}

/** tfjs fetches from a worker that has no address of its own, so the files are named in full. */
function absolute(paths: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(paths).map(([name, path]) => [name, new URL(path, self.location.href).href]),
  );
}
