import type { Items } from '@simile/core/items';
import type {
  Id,
  IndexCalibrateOptions,
  Match,
  MatchOptions,
  Neighbor,
  SearchOptions,
  VectorIndex,
  Vectors,
} from '@simile/index';
import type { Calibration } from '@simile/metrics';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Evaluation, EvaluateOptions } from './evaluate.ts';
import type {
  CompileOptions,
  FitOptions,
  IndexItemsOptions,
  Labels,
  LookupOptions,
  PredictOptions,
  TensorInput,
  TrainingData,
  TrainingHistory,
} from './options.ts';
import type { ModelSummary } from './summary.ts';

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
   * Of a loaded model, the loss gets back the weights it had when the model was saved: see `restoreLoss`.
   *
   * @throws `ERR_OPTION` when `distance` is not the one that the loss pulls on, or an optimizer is given for weights that the loss
   *   does not have; `ERR_SHAPE` for a loss that cannot take the weights saved for it; `ERR_STATE` for a model that cannot be
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
