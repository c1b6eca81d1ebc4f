import type { Distance, Loss, Sampler } from '@simile/core';
import type { Items, LabelledItems } from '@simile/core/items';
import type {
  Id,
  IndexCalibrateOptions,
  Label,
  Match,
  MatchOptions,
  Neighbor,
  RecordData,
  SearchOptions,
  VectorIndex,
  Vectors,
} from '@simile/index';
import type { Calibration } from '@simile/metrics';
import type { Optimizer, Scalar, Tensor, Tensor1D, Tensor2D, TensorLike } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingCallback, TrainingStep } from './training/callbacks.ts';
import type { Evaluation, EvaluateOptions } from './evaluate.ts';
import type { ModelSummary } from './summary.ts';

/** Items for a model of tensors: a tensor, items in a typed array, or nested lists of numbers. */
export type TensorInput = Tensor | Items | TensorLike;

/** Class ids in a tensor, or labels in a list. */
export type Labels = Tensor | ArrayLike<Label>;

/** Learning rate at a step, counted from 0. */
export type LearningRateSchedule = (step: number) => number;

/** A number to watch while training: a loss will do, or any function of its form with a name. */
export type TrainingMetric = (labels: Tensor1D, embeddings: Tensor2D) => Scalar;

/** Options of {@link SimilarityModel.compile}. */
export interface CompileOptions {
  /** `adam` and `sgd`: on the backend `simile-wasm` the fused ones of `@simile/backend-wasm`, else stock. Default `adam`. */
  readonly optimizer?: 'adam' | 'sgd' | Optimizer;
  /** For an optimizer given by name, above 0. Default 0.001 for `adam`, 0.01 for `sgd`. */
  readonly learningRate?: number;
  readonly loss: Loss;
  /** Watched while training, under the functions' names. Default none. */
  readonly metrics?: readonly TrainingMetric[];
  /**
   * Distance of the index. Default that of the loss, else that of the model, else cosine. Must be the loss's where the
   * loss has one.
   */
  readonly distance?: Distance | string;
}

/** What a model can be trained on. Of a sampler, each `fit` takes a new stream. */
export type TrainingData = Sampler | LabelledItems | { readonly x: Tensor; readonly labels: Tensor | Int32Array };

/** Options of {@link SimilarityModel.fit}. */
export interface FitOptions {
  /** Default 1. */
  readonly epochs?: number;
  /** Default that of the sampler; for plain data, as many as cover it once. */
  readonly stepsPerEpoch?: number;
  /** Items a batch, for plain data. Default 64. */
  readonly batchSize?: number;
  /** Measured after each epoch: `val_loss` and `val_…` of each metric. Default none. */
  readonly validationData?: TrainingData;
  /** Batches of a validation. Default all that the sampler calls an epoch, or all of the data. */
  readonly validationSteps?: number;
  /** Callbacks of tfjs-layers, or objects with some of their methods. Default none. */
  readonly callbacks?: TrainingCallback | readonly TrainingCallback[];
  /** Ends training between two steps; `fit` then returns what was done. */
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly onStep?: (step: TrainingStep) => void;
  /** Sets the rate before each step. Default the rate stays. */
  readonly learningRateSchedule?: LearningRateSchedule;
}

/** What {@link SimilarityModel.fit} returns. */
export interface TrainingHistory {
  /** One entry an epoch: `loss`, metrics, `val_loss`, and what callbacks added. */
  readonly epochs: readonly Readonly<Record<string, number>>[];
  /** Loss of each step. */
  readonly losses: readonly number[];
  /** Whether the signal ended it. */
  readonly cancelled: boolean;
  readonly milliseconds: number;
}

/** Options of calls that embed items. */
export interface PredictOptions {
  /** Items embedded at once. Default 128. */
  readonly batchSize?: number;
  /** Stops between batches with `ERR_ABORTED`. */
  readonly signal?: AbortSignal;
}

/** Options of {@link SimilarityModel.index}; every list has one entry an item. */
export interface IndexItemsOptions extends PredictOptions {
  /** Default none. */
  readonly labels?: Tensor | ArrayLike<Label | null>;
  /** Kept with the records: a tensor or items (one item a record, in its own dtype), or a list. Default none. */
  readonly data?: Tensor | Items | readonly (RecordData | undefined)[];
  /** Default whole numbers, counting on. */
  readonly ids?: ArrayLike<Id>;
}

/** Options of lookups. */
export interface LookupOptions extends SearchOptions, PredictOptions {}

/**
 * An embedding and an index of what it embedded. Made by `similarityModel` and `loadSimilarityModel`.
 *
 * A call either does what it says or throws a `SimileError` and changes nothing. No call keeps or frees a tensor that it
 * was given.
 */
export interface SimilarityModel<Input = TensorInput, One = Input> {
  readonly name: string;
  /** Values of an embedding; undefined before the first one of a model made of a function without it. */
  readonly dimension: number | undefined;
  /** Id of the distance of the index: `cosine`. */
  readonly metric: string;
  readonly seed: number | undefined;
  /** The network, where there is one of tfjs-layers. */
  readonly layers: LayersModel | undefined;
  /** The index itself, to add vectors, remove records, or search with more options. */
  readonly vectorIndex: VectorIndex;
  /** Records in the index. */
  readonly indexSize: number;

  /**
   * Sets what trains the model and the distance of its index.
   *
   * @throws `ERR_OPTION` when `distance` is not the one that the loss pulls on; `ERR_STATE` for a model that cannot be
   *   trained, and when the distance would change under records (call `resetIndex` first)
   */
  compile(options: CompileOptions): void;
  /**
   * Trains. Every step checks batch, loss and gradients before a weight changes.
   *
   * @throws `ERR_STATE` before `compile`; `ERR_DATA` and `ERR_SHAPE` for a batch that is empty, of one class, of another
   *   shape, or with labels that do not match its rows; `ERR_NAN` when data, loss or gradients are not finite, with the
   *   weights as they were before that step; `ERR_BACKEND` where the backend cannot train the model
   */
  fit(data: TrainingData, options?: FitOptions): Promise<TrainingHistory>;
  /** Embeddings `[n, dimension]` of items. @throws `ERR_SHAPE`, `ERR_DATA`, `ERR_NAN` with the first bad row */
  predict(x: Input, options?: PredictOptions): Promise<Items<Float32Array>>;
  /** Embeds items and adds them to the index. New classes are just new labels: nothing is trained. Returns the ids. */
  index(x: Input, options?: IndexItemsOptions): Promise<Id[]>;
  /** The nearest records of each item, nearest first. @throws `ERR_STATE` when the index is empty */
  lookup(x: Input, options?: LookupOptions): Promise<Neighbor[][]>;
  /** The nearest records of one item. @throws `ERR_STATE` when the index is empty, `ERR_SHAPE` for more than one item */
  singleLookup(x: One, options?: LookupOptions): Promise<Neighbor[]>;
  /** The nearest records of embeddings made before. @throws `ERR_STATE` when the index is empty */
  lookupVectors(vectors: Vectors, options?: SearchOptions): Promise<Neighbor[][]>;
  /** Finds the distances up to which a match is believed, from items of known labels. @throws `ERR_STATE` when empty */
  calibrate(x: Input, labels: Labels, options?: IndexCalibrateOptions & PredictOptions): Promise<Calibration>;
  /** The label of each item, or unknown. @throws `ERR_STATE` before `calibrate`, unless `cutpoint` is a distance */
  match(x: Input, options?: MatchOptions & PredictOptions): Promise<Match[]>;
  /** How well items of known labels are found and recognised. @throws `ERR_STATE` when the index is empty */
  evaluate(x: Input, labels: Labels, options?: EvaluateOptions): Promise<Evaluation>;
  /** Removes every record and the calibration. */
  resetIndex(): Promise<void>;
  /** What is in the index, as an object and, by `toString`, as text. */
  indexSummary(): ModelSummary;
  /** The whole model as one file: see docs/formats.md. */
  toBytes(): Promise<Uint8Array>;
  /** Writes {@link toBytes} to a path or `indexeddb://name`, whole or not at all. @throws `ERR_FILE`, `ERR_OPTION` */
  save(target: string | URL): Promise<void>;
  /** Frees weights and optimizer. Tensors of the loss are the caller's. */
  dispose(): void;
}
