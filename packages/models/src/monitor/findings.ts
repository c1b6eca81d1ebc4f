import type { Logs } from '../training/callbacks.ts';
import type { DeadUnits } from './dead-units.ts';

/** Up to where all is well. */
export interface Limits {
  readonly leastSpread: number;
  readonly mostFlat: number;
  readonly leastActive: number;
}

/** Something that is not well, in the parts of an error. */
export interface Finding {
  readonly what: 'collapse' | 'flat-dimensions' | 'no-costs' | 'dead-units';
  readonly rule: string;
  readonly got: number | string;
  readonly remedy: string;
}

const COLLAPSE =
  'Nearly every item has the same embedding. Try a smaller learningRate, all or semi-hard triplets in place of hard ones, or larger ' +
  'batches; without labels, a loss with negatives, or batch normalization and a predictor.';
const FLAT =
  'The embedding uses a few of its dimensions only. Try fewer units, no activation before the last layer, a smaller learningRate, ' +
  'or for a loss over views a projection head.';
const NO_COSTS =
  'Nothing is left to learn from such batches. Try a larger margin, harder negatives (a miner), more classes in a batch, or stop here.';
const DEAD = 'Try a smaller learningRate, batch normalization before the activation, or leakyReLU.';

/** What the logs of a step show, against those of the first step. */
export function findings(logs: Logs, first: Logs, { leastSpread, mostFlat, leastActive }: Limits): Finding[] {
  const { spread = 1, rms_distance: distance = 1, flat_dimensions: flat = 0, active_costs: active = 1, loss } = logs;
  const found: Finding[] = [];
  const shrunk = distance < leastSpread * (first['rms_distance'] ?? 0) || distance === 0;
  if (spread < leastSpread) {
    found.push({
      what: 'collapse',
      rule: `spread must stay at ${leastSpread} or above`,
      got: brief(spread),
      remedy: COLLAPSE,
    });
  } else if (shrunk) {
    const least = brief(leastSpread * (first['rms_distance'] ?? 0));
    found.push({
      what: 'collapse',
      rule: `rms_distance must stay at ${least} or above`,
      got: brief(distance),
      remedy: COLLAPSE,
    });
  } else if (flat > mostFlat) {
    const rule = `flat_dimensions must stay at ${mostFlat} or below`;
    found.push({ what: 'flat-dimensions', rule, got: brief(flat), remedy: FLAT });
  }
  if (active < leastActive) {
    const rule = `active_costs must stay at ${leastActive} or above`;
    found.push({ what: 'no-costs', rule, got: brief(active), remedy: NO_COSTS });
  } else if (loss === 0) {
    found.push({ what: 'no-costs', rule: 'the loss must be above 0', got: loss, remedy: NO_COSTS });
  }
  return found;
}

/** Layers of which more than a share of the units is dead. */
export function deadLayers(counts: readonly DeadUnits[], mostDead: number): Finding[] {
  const bad = counts.filter(({ dead, units }) => dead > mostDead * units);
  if (bad.length === 0) return [];
  const got = bad.map(({ layer, dead, units }) => `${layer}: ${dead} of ${units}`).join(', ');
  const rule = `at most a share of ${mostDead} of the units of a layer may be 0 for every item of the probe`;
  return [{ what: 'dead-units', rule, got, remedy: DEAD }];
}

const brief = (value: number): number => Number(value.toPrecision(3));
