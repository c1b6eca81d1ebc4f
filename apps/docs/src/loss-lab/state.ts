import { fromHash, toHash } from './hash.ts';

/** Where the points live: anywhere in the plane, or at length 1 in two or three dimensions. */
export type Space = 'plane' | 'circle' | 'sphere';

/** A number, a switch or a name of an option. */
export type Setting = number | boolean | string;

/** A loss of the lab: ids and the options that differ from the defaults. */
export interface Choice {
  loss: string;
  options: Record<string, Setting>;
  /** Id of a distance; `default` is the loss's own. */
  distance: string;
  /** Id of a miner, or `none`. */
  miner: string;
  minerOptions: Record<string, Setting>;
}

/** All that the lab shows, and all that its link holds. */
export interface LabState {
  space: Space;
  /** 2 to 6. */
  classes: number;
  /** Points of a class, 2 to 8. */
  perClass: number;
  /** Whole number: where the points begin. */
  seed: number;
  /** Learning rate of the gradient descent. */
  rate: number;
  /** One loss, or two side by side. */
  panels: Choice[];
  /** Coordinates, row after row, where a person moved points; else they follow from the seed. */
  points?: number[];
}

export const dimensionOf = (space: Space): 2 | 3 => (space === 'sphere' ? 3 : 2);

/** A loss with its own defaults. */
export const choose = (loss: string): Choice => ({
  loss,
  options: {},
  distance: 'default',
  miner: 'none',
  minerOptions: {},
});

/** What the lab begins with. */
export const beginning = (loss = 'triplet-margin'): LabState => ({
  space: 'plane',
  classes: 3,
  perClass: 5,
  seed: 1,
  rate: 0.1,
  panels: [choose(loss)],
});

/** The state that a link holds, undefined where the address has none. @throws Error for a link that is damaged. */
export function stateFromHash(hash: string): LabState | undefined {
  const found = fromHash(hash);
  return found === undefined ? undefined : checked(found);
}

/** The part of an address after `#`. */
export const stateToHash = (state: LabState): string => toHash(state);

/** Everything of a link is doubted: it comes from strangers. */
function checked(found: unknown): LabState {
  const { space, classes, perClass, seed, rate, panels, points } = record(found);
  if (space !== 'plane' && space !== 'circle' && space !== 'sphere') throw damaged('space');
  if (!Array.isArray(panels) || panels.length < 1 || panels.length > 2) throw damaged('panels');
  const state: LabState = {
    space,
    classes: whole(classes, 'classes', 2, 6),
    perClass: whole(perClass, 'perClass', 2, 8),
    seed: whole(seed, 'seed', 0, 1e9),
    rate: within(rate, 'rate', 1e-4, 10),
    panels: panels.map(checkedChoice),
  };
  if (points === undefined) return state;
  const count = state.classes * state.perClass * dimensionOf(space);
  if (!Array.isArray(points) || points.length !== count) throw damaged('points');
  return { ...state, points: points.map((value) => within(value, 'points', -1e3, 1e3)) };
}

function checkedChoice(found: unknown): Choice {
  const { loss, options, distance, miner, minerOptions } = record(found);
  return {
    loss: id(loss, 'loss'),
    options: settings(options),
    distance: id(distance, 'distance'),
    miner: id(miner, 'miner'),
    minerOptions: settings(minerOptions),
  };
}

function record(found: unknown): Record<string, unknown> {
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw damaged('shape');
  return found as Record<string, unknown>;
}

function settings(found: unknown): Record<string, Setting> {
  const entries = Object.entries(record(found));
  if (entries.length > 20) throw damaged('options');
  for (const [name, value] of entries) {
    const fine =
      typeof value === 'boolean' ||
      (typeof value === 'number' && Number.isFinite(value)) ||
      (typeof value === 'string' && value.length <= 40);
    if (!fine || !/^[a-z]\w{0,40}$/i.test(name)) throw damaged('options');
  }
  return Object.fromEntries(entries) as Record<string, Setting>;
}

function id(found: unknown, what: string): string {
  if (typeof found !== 'string' || !/^[a-z0-9][\w@/.:-]{0,80}$/i.test(found)) throw damaged(what);
  return found;
}

function within(found: unknown, what: string, least: number, most: number): number {
  if (typeof found !== 'number' || !(found >= least && found <= most)) throw damaged(what);
  return found;
}

function whole(found: unknown, what: string, least: number, most: number): number {
  const value = within(found, what, least, most);
  if (!Number.isInteger(value)) throw damaged(what);
  return value;
}

const damaged = (what: string): Error =>
  new Error(`This link to the lab is damaged (${what}): the lab begins anew. Ask for the link again.`);
