import type { Reducer } from '@simile/core';
import { checkInteger, checkNames, checkRange, SimileError } from '@simile/core/errors';
import type { CustomCallbackArgs, LayersModel } from '@tensorflow/tfjs-layers';
import type { TensorInput, TrainingMetric } from '../options.ts';
import type { Logs } from '../training/callbacks.ts';
import { batchStatistics } from './batch-statistics.ts';
import { costWatch } from './cost-watch.ts';
import { deadUnits } from './dead-units.ts';
import { deadLayers, findings, type Finding, type Limits } from './findings.ts';

/** Options of {@link collapseMonitor}. Each limit is a share, from 0 to 1. */
export interface CollapseMonitorOptions {
  /** Least `spread`; for `rms_distance`, the least share of what it was at the first step. Default 0.01. */
  readonly leastSpread?: number;
  /** Largest share of flat dimensions. Default 0.9. */
  readonly mostFlat?: number;
  /** Least share of costs above 0, where costs are watched. Default 0.01. */
  readonly leastActive?: number;
  /** Largest share of dead units in a layer. Default 0.9. */
  readonly mostDead?: number;
  /** Steps in a row for which a limit must be broken. Default 20. */
  readonly patience?: number;
  /** Items, some hundred, on which units are counted after each epoch. Default none: units are not counted. */
  readonly probe?: TensorInput;
  /** Told what was found, once until it is well again; training goes on. Default it is thrown, and ends `fit`. */
  readonly onWarning?: (warning: SimileError) => void;
}

/** What {@link collapseMonitor} makes: a callback of `fit`. */
export interface CollapseMonitor extends CustomCallbackArgs {
  /** What `fit` watches for it, and adds to logs and history. */
  readonly metrics: readonly TrainingMetric[];
  /** A reducer for the loss whose costs are to be watched: `tripletMargin({ reduce: monitor.watchCosts(meanOfValid) })`. */
  watchCosts(reduce: Reducer): Reducer;
  setModel(layers: LayersModel): void;
}

const ID = 'collapse-monitor';

/**
 * Watches a training for embeddings that fall together, and says what happened and what to try.
 *
 * | in the logs       | what                                                                   | of a collapse |
 * | ----------------- | ---------------------------------------------------------------------- | ------------- |
 * | `spread`          | √(Σ‖x − mean‖² / Σ‖x‖²) of a batch, 0 to 1, whatever the scale          | near 0        |
 * | `rms_distance`    | root of the mean squared distance of two rows                          | near 0        |
 * | `flat_dimensions` | share of dimensions that deviate less than 1 % of the widest           | near 1        |
 * | `active_costs`    | share of costs above 0, with `watchCosts`                              | 0             |
 *
 * Also found: a loss of exactly 0, which teaches nothing, and with a `probe` layers whose units are nearly all dead. A loss or
 * gradient that is not finite needs no monitor: `fit` says where it came from. Cost: O(nd) a step, read together with the loss; with
 * a probe, one forward pass an epoch.
 *
 * One monitor watches one `fit` at a time.
 *
 * @throws `ERR_OPTION` for a limit outside 0 to 1, or `patience` below 1; `fit` throws `ERR_COLLAPSE` without `onWarning`, with
 *   the weights as they are after that step.
 * @see Hua et al., “On Feature Decorrelation in Self-Supervised Learning”, ICCV 2021, on the two kinds of collapse:
 *   https://arxiv.org/abs/2105.00470
 * @example
 * const monitor = collapseMonitor({ onWarning: ({ message }) => console.warn(message) });
 * model.compile({ loss: tripletMargin({ negatives: 'hard', reduce: monitor.watchCosts(meanOfValid) }) });
 * await model.fit(sampler, { callbacks: monitor });
 */
export function collapseMonitor(options: CollapseMonitorOptions = {}): CollapseMonitor {
  const { leastSpread = 0.01, mostFlat = 0.9, leastActive = 0.01, mostDead = 0.9 } = options;
  const { patience = 20, probe, onWarning } = options;
  const limits: Limits = { leastSpread, mostFlat, leastActive };
  checkNames(ID, options, ['leastSpread', 'mostFlat', 'leastActive', 'mostDead', 'patience', 'probe', 'onWarning']);
  for (const [name, value] of Object.entries({ ...limits, mostDead })) checkRange(ID, { [name]: value }, 0, 1);
  checkInteger(ID, { patience }, 1);
  const costs = costWatch();
  let layers: LayersModel | undefined;
  let step = 0;
  let first: Logs | undefined;
  let lasting = new Map<string, number>();
  let dead = false;

  const tell = ({ rule, got, remedy }: Finding): void => {
    const where = `${ID}, step ${step - 1}`;
    const warning = new SimileError({ where, rule, got, remedy, code: 'ERR_COLLAPSE' });
    if (!onWarning) throw warning;
    onWarning(warning);
  };
  return {
    get metrics() {
      return [...batchStatistics, ...costs.metrics];
    },
    watchCosts: costs.watch,
    setModel: (given) => {
      layers = given;
    },
    onTrainBegin: () => {
      step = 0;
      first = undefined;
      lasting = new Map();
      dead = false;
    },
    onBatchBegin: costs.begin,
    onBatchEnd: (_, logs = {}) => {
      step++;
      first ??= logs;
      const found = findings(logs, first, limits);
      lasting = new Map(found.map(({ what }) => [what, (lasting.get(what) ?? 0) + 1]));
      found.filter(({ what }) => lasting.get(what) === patience).forEach(tell);
    },
    onEpochEnd: async () => {
      if (!probe || !layers) return;
      const found = deadLayers(await deadUnits(ID, layers, probe), mostDead);
      const known = dead;
      dead = found.length > 0;
      if (!known) found.forEach(tell);
    },
  };
}
