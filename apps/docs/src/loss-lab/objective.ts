import { defineDistance, type Distance, type Loss, type ViewLoss } from '@simile/core';
import { euclidean } from '@simile/distances';
import * as tf from '@tensorflow/tfjs-core';
import type { Rows } from './points.ts';
import type { Choice } from './state.ts';
import { makeDistance, makeLoss, makeMiner, takes, type Extent, type Made } from './units.ts';

/** What a loss says of the points where they are. */
export interface Evaluation {
  readonly value: number;
  /** Slope of the value at each point. */
  readonly gradient: Rows;
  /** `[n, n]`, row-major: the chosen distance between the points. */
  readonly distances: Float32Array;
  /** `[n, n]`, row-major: slope of the value in each distance: above 0 pulls the pair, below pushes it. Undefined where the loss has none. */
  readonly pull?: Float32Array;
  /** Weights of the loss that live among the points: proxies, class centres. */
  readonly weights: Rows;
}

/** A loss over the points, with the weights that it owns. */
export interface Objective {
  readonly made: Made;
  evaluate(labels: Int32Array, rows: Rows): Evaluation;
  /** Moves the weights of the loss, if it has any, by gradient descent. */
  learn(labels: Int32Array, rows: Rows, rate: number): void;
  dispose(): void;
}

/** The loss that was chosen, made of the published functions. @throws what they throw for options out of range */
export function createObjective(choice: Choice, extent: Extent): Objective {
  const base = choice.distance === 'default' ? usualDistance(choice.loss, extent) : makeDistance(choice.distance);
  // Stands between a loss and its distance, so that the slope in each distance can be asked for.
  let leaf: tf.Tensor2D | undefined;
  const watched = defineDistance(base.name, (a, b) => (leaf && a === b ? leaf : base(a, b)), base.metric);
  const throughDistances = takes(choice.loss, extent, 'distance');
  const made = makeLoss(choice.loss, extent, {
    ...choice.options,
    ...(throughDistances && { distance: watched }),
    ...(choice.miner !== 'none' && { miner: makeMiner(choice.miner, extent, base.name, choice.minerOptions) }),
  });

  if (made.kind === 'loss') made.loss.prepare?.({ dimension: extent.dimension, variables: [] });

  const cost = (labels: tf.Tensor1D, points: tf.Tensor2D): tf.Scalar => {
    if (made.kind === 'loss') return (made.loss as Loss)(labels, points);
    return ofViews(made.loss, points);
  };

  return {
    made,
    evaluate: (labels, rows) =>
      unmoved(() => {
        const found = tf.tidy(() => {
          const classes = tf.tensor1d(labels, 'int32');
          const points = tf.tensor2d(rows);
          const { value, grad } = tf.valueAndGrad((x) => cost(classes, x as tf.Tensor2D))(points);
          return {
            value: value.dataSync()[0]!,
            gradient: grad.arraySync() as Rows,
            distances: base(points).dataSync() as Float32Array,
          };
        });
        return { ...found, ...(throughDistances && { pull: slopes(labels, rows) }), weights: weights() };
      }),
    learn: (labels, rows, rate) => {
      const { variables = [], state = [] } = made.loss;
      if (variables.length + state.length === 0) return;
      tf.tidy(() => {
        const now = (): tf.Scalar => cost(tf.tensor1d(labels, 'int32'), tf.tensor2d(rows));
        if (variables.length === 0) return void now(); // which moves its state
        const { grads } = tf.variableGrads(now, [...variables]);
        for (const variable of variables) {
          const slope = grads[variable.name];
          if (slope) variable.assign(tf.sub(variable, tf.mul(slope, rate)));
        }
      });
    },
    dispose: () => made.loss.dispose?.(),
  };

  function slopes(labels: Int32Array, rows: Rows): Float32Array {
    try {
      return tf.tidy(() => {
        const points = tf.tensor2d(rows);
        const through = (d: tf.Tensor): tf.Scalar => {
          leaf = d as tf.Tensor2D;
          const value = cost(tf.tensor1d(labels, 'int32'), points);
          return tf.add(value, tf.mul(tf.sum(d), 0)); // tfjs leaks where the value does not hang on d at all
        };
        return tf.grad(through)(base(points)).dataSync() as Float32Array;
      });
    } finally {
      leaf = undefined;
    }
  }

  /** What is only looked at leaves no trace in memories and moving means of the loss. */
  function unmoved<T>(look: () => T): T {
    const state = made.loss.state ?? [];
    const before = state.map((variable) => tf.clone(variable));
    try {
      return look();
    } finally {
      state.forEach((variable, i) => variable.assign(before[i]!));
      tf.dispose(before);
    }
  }

  function weights(): Rows {
    const among = made.loss.variables?.filter(({ shape }) => shape.length === 2 && shape[1] === extent.dimension) ?? [];
    return among.flatMap((variable) => variable.arraySync() as Rows);
  }
}

/** The first half of the points are first views, the second half the others: point i of one is point i of the other. */
function ofViews(loss: ViewLoss, points: tf.Tensor2D): tf.Scalar {
  const items = points.shape[0] / 2;
  const half = (at: number): tf.Tensor2D => tf.slice(points, [at * items, 0], [items, points.shape[1]]) as tf.Tensor2D;
  if (!loss.takesTargets) return loss(half(0), half(1));
  // Constants, as the outputs of a slower network are.
  const still = (at: number): tf.Tensor2D => tf.tensor2d(half(at).arraySync() as Rows);
  return loss(half(0), half(1), { first: still(0), second: still(1) });
}

/** The distance that a loss has of itself, the Euclidean one for those that have none. */
function usualDistance(id: string, extent: Extent): Distance {
  const { loss } = makeLoss(id, extent);
  loss.dispose?.();
  return loss.distance ?? euclidean();
}
