import type { Setting } from './state.ts';

/** How a person sets an option. */
export type Control =
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly step: number }
  | { readonly kind: 'choice'; readonly values: readonly Setting[] };

const slider = (least: number, most: number, step: number): Control => ({ kind: 'number', least, most, step });
const choice = (...values: Setting[]): Control => ({ kind: 'choice', values });
const strategies = choice('hard', 'easy', 'all');
const negatives = choice('semi-hard', 'hard', 'easy', 'all');
const angles = slider(0, 1.5, 0.01);
const classMultiples = choice(1, 2, 3, 4);

/** Options whose range is not a matter of taste, as `unit.option` or `option`. */
const known: Readonly<Record<string, Control>> = {
  'angular.alpha': angles,
  'arc-face.margin': angles,
  'contrastive.power': choice(1, 2),
  'dynamic-soft-margin.negatives': choice('hard', 'all'),
  'dynamic-soft-margin.momentum': slider(0, 1, 0.01),
  'large-margin-softmax.margin': classMultiples,
  'manifold.alpha': slider(0.05, 0.95, 0.05),
  'nca.objective': choice('log-probability', 'probability'),
  'pn.positives': strategies,
  'pn.negatives': negatives,
  'pnp.variant': choice('o', 'iu', 'ib', 'ds', 'dq'),
  'proxy-nca.denominator': choice('others', 'all'),
  'ranked-list.imbalance': slider(0, 1, 0.05),
  'regularized.of': choice('embeddings'),
  'sphere-face.margin': classMultiples,
  'sub-center-arc-face.margin': angles,
  'triplet-margin.positives': strategies,
  'triplet-margin.negatives': negatives,
  'angular-miner.angle': slider(0, 1.5, 0.01),
  'batch-easy-hard.positives': negatives,
  'batch-easy-hard.negatives': negatives,
  'distance-weighted.nearest': slider(0.05, 1.3, 0.05),
  'distance-weighted.farthest': slider(1.35, 2, 0.05),
  'hdc.fraction': slider(0.05, 1, 0.05),
  'triplet-margin-miner.triplets': choice('all', 'hard', 'semi-hard', 'easy'),
  centerMomentum: slider(0, 1, 0.01),
  bins: slider(2, 100, 1),
  centersPerClass: slider(1, 10, 1),
  subCenters: slider(1, 5, 1),
  memorySize: slider(48, 256, 1),
  warmupSteps: slider(0, 20, 1),
  bias: slider(-20, 20, 0.5),
  negativeMargin: slider(0, 3, 0.05),
  positiveMargin: slider(0, 2, 0.05),
  p: slider(1, 8, 0.5),
};

/** Not for a slider: where randomness begins, and what follows from the points. */
const hidden = new Set(['seed', 'classes', 'dimension', 'distance', 'miner', 'leastTemperature']);

/** How an option is set, undefined where it is not set in the lab. */
export function controlOf(unit: string, option: string, value: unknown): Control | undefined {
  if (hidden.has(option)) return undefined;
  const given = known[`${unit}.${option}`] ?? known[option];
  if (given) return typeof value === 'object' ? undefined : given;
  if (typeof value === 'boolean') return choice(false, true);
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return rangeAround(value);
}

/** From almost nothing to a few times a default; a tenth of its own scale is the step. */
function rangeAround(value: number): Control {
  const scale = 10 ** Math.floor(Math.log10(Math.abs(value) || 1));
  const step = scale / 10;
  if (value < 0) return slider(4 * value, 0, step);
  return slider(value === 0 ? 0 : step, value === 0 ? 2 : Math.ceil((4 * value) / step) * step, step);
}
