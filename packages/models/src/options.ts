import type { Distance, Loss, Sampler } from '@simile/core';
import type { Items, LabelledItems } from '@simile/core/items';
import type { Id, Label, RecordData, SearchOptions } from '@simile/index';
import type { Optimizer, Scalar, Tensor, Tensor1D, Tensor2D, TensorLike } from '@tensorflow/tfjs-core';
import type { TrainingCallback, TrainingStep } from './training/callbacks.ts';

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
  /**
   * Trains the weights of the loss itself, with moments of its own. Default, when `lossLearningRate` is given, of the kind that
   * `optimizer` names (beside an optimizer of tfjs, `adam`); without either, `optimizer` trains them with the network.
   */
  readonly lossOptimizer?: 'adam' | 'sgd' | Optimizer;
  /** For the weights of the loss, above 0; `learningRateSchedule` leaves it alone. Default 0.001 for `adam`, 0.01 for `sgd`, where `lossOptimizer` names one. */
  readonly lossLearningRate?: number;
  /**
   * Of a loaded model: gives the loss the weights and state that a loss of its id had when the model was saved. False leaves it as it
   * was made; so does a loss of another id. Default true.
   */
  readonly restoreLoss?: boolean;
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
  /** Sets the rate of `optimizer` before each step. Default the rate stays. */
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
