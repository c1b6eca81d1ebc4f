import { createRegistry, type Distance, type Loss, type Miner, type Registry, type ViewLoss } from '@simile/core';
import { cosine, distancesPlugin, minkowski } from '@simile/distances';
import { contrastive, lossesPlugin, ntXent, zeroMean } from '@simile/losses';
import { minersPlugin } from '@simile/miners';
import { controlOf, type Control } from './controls.ts';
import type { Setting } from './state.ts';

/** What the lab offers: units of the published packages, by id. */
const registry: Registry = createRegistry([lossesPlugin, distancesPlugin, minersPlugin]);

/** Ids of what can be chosen, in the order of the alphabet. */
export const offers: { losses: string[]; viewLosses: string[]; distances: string[]; miners: string[] } = {
  losses: [...registry.ids('losses')],
  viewLosses: [...registry.ids('viewLosses')],
  // Those two are of bits, which have no slope.
  distances: registry.ids('distances').filter((id) => id !== 'hamming' && id !== 'jaccard'),
  miners: [...registry.ids('miners')],
};

/** Whether a loss takes two views of each item: two points of a class, in this lab. */
export const takesViews = (id: string): boolean => id === 'two-views' || offers.viewLosses.includes(id);

/** A loss, or one over two views. */
export type Made = { kind: 'loss'; loss: Loss } | { kind: 'views'; loss: ViewLoss };

/** How many classes and coordinates there are: what weights of a loss are made by. */
export interface Extent {
  readonly classes: number;
  readonly dimension: number;
}

/** @throws what the factory throws for options it does not take */
export function makeLoss(id: string, extent: Extent, options: object = {}): Made {
  const make = (more: object): Made =>
    offers.viewLosses.includes(id)
      ? { kind: 'views', loss: registry.viewLoss(id, more) }
      : { kind: 'loss', loss: registry.loss(id, more) };
  return make({ ...needs(id, extent), ...options });
}

/** A distance by its id. */
export const makeDistance = (id: string): Distance =>
  id === 'minkowski' ? minkowski({ p: 3 }) : registry.distance(id);

/** A miner that reads distances of the kind given. @throws what the factory throws for options, or distances, that it does not take */
export function makeMiner(id: string, { dimension }: Extent, distance: string, options: object = {}): Miner {
  const metric = { metric: 'euclidean' };
  const sets: object[] = [{ dimension, ...metric }, metric, { dimension }, {}];
  const taken = sets.find((set) => works(() => registry.miner(id, set))) ?? {};
  return registry.miner(id, { ...taken, ...('metric' in taken && { metric: distance }), ...options });
}

/** Whether a loss has a distance or a miner of one's choice. */
export const takes = (id: string, extent: Extent, what: 'distance' | 'miner'): boolean =>
  works(() => makeLoss(id, extent, { [what]: what === 'distance' ? cosine() : registry.miner('batch-hard') }));

/** The options that a person sets, with their defaults and controls. */
export function controlsOf(made: Made): { option: string; value: Setting; control: Control }[] {
  return Object.entries(made.loss.options).flatMap(([option, value]) => {
    const control = controlOf(made.loss.name, option, value);
    return control ? [{ option, value: value as Setting, control }] : [];
  });
}

/** Options without which a factory makes nothing: the first set of these that will do. */
function needs(id: string, { classes, dimension }: Extent): object {
  const kind = offers.viewLosses.includes(id) ? 'viewLosses' : 'losses';
  const loss = contrastive();
  const sets: (() => object)[] = [
    () => ({}),
    () => ({ classes, dimension }),
    () => ({ dimension }),
    () => ({ loss: id === 'two-views' ? ntXent() : loss }),
    () => ({ loss, memorySize: 32 }),
    () => ({ loss, dimensions: [1, dimension] }),
    () => ({ losses: [loss, registry.loss('triplet-margin')] }),
    () => ({ loss, regularizer: zeroMean() }),
  ];
  const found = sets.find((set) => works(() => registry.factory(kind, id)(set()) as Loss));
  if (!found) throw new Error(`The lab does not know what ${id} is made of.`);
  return found();
}

/** Whether something can be made; what was made is freed. */
function works(make: () => unknown): boolean {
  try {
    const made = make() as Partial<Loss> & { loss?: Partial<Loss> };
    (made.dispose ?? made.loss?.dispose)?.();
    return true;
  } catch {
    return false;
  }
}
