import type { Scalar, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Items, LabelledItems } from './items.ts';
import type { Random } from './random.ts';

/**
 * A distance between every row of `a` and every row of `b`: `[n, d], [m, d] → [n, m]`, float32. Without `b`, between
 * the rows of `a`. Smaller is closer, always.
 */
export interface Distance {
  (a: Tensor2D, b?: Tensor2D): Tensor2D;
  /** Id in a registry and in files: `cosine`, `squared-euclidean`. */
  readonly name: string;
  /** Metric that an index must use so that its numbers mean the same; equal to `name` where the index has it. */
  readonly metric: string;
}

/**
 * Which rows belong together. Class ids `[n]` or `[n, 1]` of any number dtype, or one of the forms made by
 * `multiLabel`, `pairMatrix` and `predicate`.
 */
export type Relation = Tensor | MultiLabel | PairMatrix | Predicate;

/** Rows belong together when they share a label. */
export interface MultiLabel {
  readonly kind: 'multi-label';
  /** `[n, classes]`, 0 or 1. */
  readonly matrix: Tensor2D;
}

/** Rows belong together as a matrix says. */
export interface PairMatrix {
  readonly kind: 'pair-matrix';
  /** `[n, m]`: 1 a positive pair, 0 a negative pair, −1 neither. */
  readonly matrix: Tensor2D;
}

/** Rows belong together as a function says. */
export interface Predicate<T = unknown> {
  readonly kind: 'predicate';
  /** One value a row. */
  readonly values: readonly T[];
  /** True for a positive pair, false for a negative one, undefined for neither. */
  readonly same: (a: T, b: T) => boolean | undefined;
}

/** Rows that the batch is compared with in place of itself: a memory, a second view, prototypes. */
export interface Reference {
  readonly labels: Relation;
  /** `[m, d]` */
  readonly embeddings: Tensor2D;
}

/** Whose the costs are that a {@link Reducer} is given. */
export interface CostSource {
  /** Labels of the batch. */
  readonly labels: Relation;
  /** Rows of the batch. Each has as many costs as any other, row after row, unless `anchors` says otherwise. */
  readonly rows: number;
  /** Row of each cost. */
  readonly anchors?: Int32Array;
}

/**
 * Reduces one cost an element (`[k]`), of which only those with `valid` 1 took part, to a scalar. `source` says whose they are, for
 * reducers that ask; a loss whose costs are of no row leaves it out.
 */
export type Reducer = (costs: Tensor1D, valid: Tensor1D, source?: CostSource) => Scalar;

/** A metric-learning loss over a batch. */
export interface Loss {
  /** `labels` one a row of `embeddings` `[n, d]`; with a `reference`, its rows are compared against in place of the batch's own. */
  (labels: Relation, embeddings: Tensor2D, reference?: Reference): Scalar;
  /** Id in a registry: `triplet-margin`. */
  readonly name: string;
  /** What it was made with, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The distance it pulls on, which an index of the trained model must use. Absent when the loss has none. */
  readonly distance?: Distance;
  /** Weights of its own, which `fit` trains. */
  readonly variables?: readonly Variable[];
  /** Numbers of its own that it moves itself from call to call, of a fixed shape. Complete once {@link Loss.prepare} was called. */
  readonly state?: readonly Variable[];
  /** Makes what it can make only once it knows the network; `compile` calls it. For the same network once is as good as twice. */
  readonly prepare?: (network: TrainedNetwork) => void;
  /** It compares a batch with what a slower copy of the network makes of it: `fit` gives that as the reference. */
  readonly slower?: SlowerNetwork;
  /** Frees those weights and numbers. */
  readonly dispose?: () => void;
}

/** The network that a loss trains, as the loss sees it. */
export interface TrainedNetwork {
  /** Width of the embeddings. */
  readonly dimension: number;
  /** All weights, trained or not. */
  readonly variables: readonly Variable[];
}

/** A copy of the network in training that follows it from step to step (a momentum encoder, a mean teacher). */
export interface SlowerNetwork {
  /** What `compute` gives while the network has the weights of the slower one. No gradient. */
  embed(compute: () => Tensor2D): Tensor2D;
  /** Moves it towards the network in training; `fit` calls it after each step. */
  follow(): void;
}

/** A price on rows `[n, d]`, embeddings or weights of a loss, whatever their labels: small when the rows are as one wants them. */
export interface Regularizer {
  (rows: Tensor2D): Scalar;
  /** Kebab-case: `zero-mean`. */
  readonly name: string;
}

/** What two views are compared with where that is not each other: `first` and `second`, as the views are. `[n, d]` each. */
export interface ViewTargets {
  readonly first: Tensor2D;
  readonly second: Tensor2D;
}

/** A loss over two views of the same items: row i of one belongs to row i of the other. */
export interface ViewLoss {
  /**
   * `first` and `second` are `[n, d]`. `targets`, for a loss that takes them, are what the other view is compared with: outputs of a
   * slower network, or those before a predictor. They are constants.
   */
  (first: Tensor2D, second: Tensor2D, targets?: ViewTargets): Scalar;
  /** Id in a registry: `nt-xent`. */
  readonly name: string;
  /** What it was made with, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether it must be given targets. */
  readonly takesTargets: boolean;
  /** The distance it pulls on, which an index of the trained model must use. Absent when the loss has none. */
  readonly distance?: Distance;
  /** Weights of its own, which `fit` trains. */
  readonly variables?: readonly Variable[];
  /** Numbers of its own that it moves itself from call to call. */
  readonly state?: readonly Variable[];
  /** Frees those weights and numbers. */
  readonly dispose?: () => void;
}

/** Pairs that a miner keeps, as 0/1 masks `[n, m]`. */
export interface Pairs {
  readonly kind: 'pairs';
  readonly positive: Tensor2D;
  readonly negative: Tensor2D;
}

/** Triplets that a miner keeps, one a row. */
export interface Triplets {
  readonly kind: 'triplets';
  readonly anchors: Int32Array;
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
}

/**
 * Chooses what a loss looks at. Runs outside the gradient. `distances` is `[n, m]`; `others` labels its columns where they
 * are those of a reference and not the batch itself.
 */
export type Miner<Kept extends Pairs | Triplets = Pairs | Triplets> = (
  labels: Relation,
  distances: Tensor2D,
  others?: Relation,
) => Kept;

/** A batch of a sampler. Whoever takes it owns the tensors. */
export interface Batch {
  /** `[n, ...shape of one item]`, float32. */
  readonly x: Tensor;
  /** `[n]`, int32. */
  readonly labels: Tensor1D;
}

/** Batches without end, or as many as there are; each `for await` starts a stream of its own from the seed. */
export interface Sampler extends AsyncIterable<Batch> {
  /** Batches that make an epoch. */
  readonly stepsPerEpoch: number;
  /** What makes the stream repeatable. */
  readonly seed: number;
}

/** Changes a batch of items into another of the same count: `augment(x, random)`. Data in, data out; seeded. */
export type Augmenter = (x: Items, random: Random) => Items<Float32Array>;

/** A function that makes a unit from its options; a registry calls it with `{}` where none are given. */
export type Factory<Unit> = (options: never) => Unit;

/**
 * What a package offers, ours or anyone's: data, loaded with `createRegistry`. Ids are kebab-case; an alias is another
 * name of an id of the same plugin.
 */
export interface Plugin {
  /** Version of this contract. */
  readonly spec: 1;
  /** npm name of the package. */
  readonly name: string;
  readonly losses?: Readonly<Record<string, Factory<Loss>>>;
  readonly viewLosses?: Readonly<Record<string, Factory<ViewLoss>>>;
  readonly distances?: Readonly<Record<string, Factory<Distance>>>;
  readonly miners?: Readonly<Record<string, Factory<Miner>>>;
  readonly samplers?: Readonly<Record<string, (data: never, options: never) => Sampler>>;
  readonly layers?: Readonly<Record<string, (options: never) => unknown>>;
  readonly datasets?: Readonly<Record<string, (options?: never) => Promise<LabelledItems>>>;
  /** Other names: `{ l2: 'euclidean' }`. Looked up without regard to case. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** Kinds of units that a {@link Plugin} holds. */
export type UnitKind = 'losses' | 'viewLosses' | 'distances' | 'miners' | 'samplers' | 'layers' | 'datasets';
