import { checkInteger } from '@simile/core/errors';
import { takeItems, type Items } from '@simile/core/items';
import type { Label } from '@simile/index';
import type { CustomCallbackArgs } from '@tensorflow/tfjs-layers';
import type { SimilarityModel } from './contract.ts';
import type { Labels, TensorInput } from './options.ts';
import { evaluate } from './evaluate.ts';
import { readLabels } from './labels-and-data.ts';
import { emptyIndex } from './model-state.ts';

/** Options of {@link evaluationCallback}. */
export interface EvaluationCallbackOptions {
  /** What is looked up in: embedded anew each time. */
  readonly records: { readonly x: TensorInput; readonly labels: Labels };
  /** What is looked up. */
  readonly queries: { readonly x: TensorInput; readonly labels: Labels };
  /** Ranks for recall@k. Default `[1]`. */
  readonly k?: readonly number[];
  /** Classes trained on. With it, the queries of these and of all others are measured apart. Default all together. */
  readonly knownClasses?: readonly Label[];
  /** Epochs from one evaluation to the next. Default 1. */
  readonly every?: number;
}

/**
 * Measures retrieval after each epoch and adds the figures to its logs: `recall@1`, `map@r`, and with `knownClasses` the
 * same with `_known` and `_unknown` at the end. Put it before callbacks that watch these, such as early stopping.
 *
 * It keeps an index of its own: that of the model, and its calibration, stay as they are.
 *
 * @throws `ERR_OPTION` for `every` below 1
 * @example
 * const watch = evaluationCallback(model, { records: { x: sx, labels: sy }, queries: { x: qx, labels: qy } });
 * const { epochs } = await model.fit(sampler, { epochs: 5, callbacks: [watch] });
 * epochs.at(-1)['recall@1'];
 */
export function evaluationCallback(
  model: SimilarityModel,
  { records, queries, k = [1], knownClasses, every = 1 }: EvaluationCallbackOptions,
): CustomCallbackArgs {
  const where = 'evaluation-callback';
  checkInteger(where, { every }, 1);
  return {
    onEpochEnd: async (epoch, logs = {}) => {
      if ((epoch + 1) % every !== 0) return;
      const [rows, asked] = [await model.predict(records.x), await model.predict(queries.x)];
      const index = emptyIndex(model.metric, rows.shape[1], { engine: 'flat' });
      await index.add(rows, { labels: await readLabels(where, records.labels, rows.shape[0]!) });
      const labels = await readLabels<Label>(where, queries.labels, asked.shape[0]!);
      for (const [suffix, part, own] of parts(asked, labels, knownClasses)) {
        const { recallAtK, mapAtR } = await evaluate(index, part, own, { k });
        for (const rank of k) logs[`recall@${rank}${suffix}`] = recallAtK[rank]!;
        logs[`map@r${suffix}`] = mapAtR;
      }
    },
  };
}

/** The queries together, or those of known and of other classes; a side without queries is left out. */
function parts(
  queries: Items<Float32Array>,
  labels: readonly Label[],
  known: readonly Label[] | undefined,
): [suffix: string, queries: Items<Float32Array>, labels: Label[]][] {
  const rows = [...labels.keys()];
  const sides: [string, number[]][] = known
    ? [
        ['_known', rows.filter((row) => known.includes(labels[row]!))],
        ['_unknown', rows.filter((row) => !known.includes(labels[row]!))],
      ]
    : [['', rows]];
  return sides
    .filter(([, side]) => side.length > 0)
    .map(([suffix, side]) => [suffix, takeItems(queries, side), side.map((row) => labels[row]!)]);
}
