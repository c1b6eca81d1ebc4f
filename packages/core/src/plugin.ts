import type { Distance, Loss, Miner, Pairs, Plugin, Triplets, UnitKind, ViewLoss } from './contract.ts';
import { SimileError } from './errors.ts';

const KINDS: readonly UnitKind[] = ['losses', 'viewLosses', 'distances', 'miners', 'samplers', 'layers', 'datasets'];

/** Types a plugin and returns it as it is; checks happen in {@link createRegistry}. */
export function definePlugin<const P extends Plugin>(plugin: P): P {
  return plugin;
}

/** Units by name, from the plugins it was made of. A plain value: two registries know nothing of each other. */
export interface Registry {
  readonly plugins: readonly Plugin[];
  /** Ids of a kind, sorted. */
  ids(kind: UnitKind): readonly string[];
  /** The factory of a unit, by id or alias, without regard to case. @throws `ERR_OPTION` when there is none */
  factory(kind: UnitKind, id: string): (...args: unknown[]) => unknown;
  loss(id: string, options?: object): Loss;
  viewLoss(id: string, options?: object): ViewLoss;
  distance(id: string, options?: object): Distance;
  miner(id: string, options?: object): Miner<Pairs | Triplets>;
}

/**
 * A registry of the units of some plugins, first-party ones included.
 *
 * @throws `ERR_PLUGIN` for another spec, a missing name, an id that is not kebab-case, a factory that is not a function,
 *   an id or alias that two plugins claim, or an alias without its unit.
 * @example
 * const registry = createRegistry([lossesPlugin, distancesPlugin]);
 * registry.loss('triplet-margin', { margin: 1 });
 */
export function createRegistry(plugins: readonly Plugin[]): Registry {
  const units = new Map<UnitKind, Map<string, unknown>>(KINDS.map((kind) => [kind, new Map()]));
  for (const plugin of plugins) addPlugin(units, plugin);

  const factory = (kind: UnitKind, id: string): ((...args: unknown[]) => unknown) => {
    const found = units.get(kind)?.get(id.toLowerCase());
    if (found) return found as (...args: unknown[]) => unknown;
    throw new SimileError({
      where: 'registry',
      rule: `${kind} known here are ${ids(kind).join(', ') || 'none'}`,
      got: id,
      remedy: 'Check the spelling, or add the plugin that has it to createRegistry.',
      code: 'ERR_OPTION',
    });
  };
  const ids = (kind: UnitKind): string[] => [...new Set(plugins.flatMap((p) => Object.keys(p[kind] ?? {})))].sort();

  return {
    plugins,
    ids,
    factory,
    loss: (id, options = {}) => factory('losses', id)(options) as Loss,
    viewLoss: (id, options = {}) => factory('viewLosses', id)(options) as ViewLoss,
    distance: (id, options = {}) => factory('distances', id)(options) as Distance,
    miner: (id, options = {}) => factory('miners', id)(options) as Miner,
  };
}

function addPlugin(units: Map<UnitKind, Map<string, unknown>>, plugin: Plugin): void {
  const name = typeof plugin?.name === 'string' && plugin.name ? plugin.name : undefined;
  const where = `plugin ${name ?? '(no name)'}`;
  if (plugin?.spec !== 1) {
    throw pluginError(where, 'spec must be 1', plugin?.spec, 'Update Simile, or the plugin.');
  }
  if (!name) throw pluginError(where, 'name must be the npm name of the package', plugin.name, 'Add the name.');

  const own = new Map<string, [UnitKind, unknown]>();
  for (const kind of KINDS) {
    for (const [id, factory] of Object.entries(plugin[kind] ?? {})) {
      if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
        throw pluginError(where, 'ids must be kebab-case', id, 'Rename the unit.');
      }
      if (typeof factory !== 'function') {
        throw pluginError(where, `${kind}.${id} must be a function`, factory, 'Give the factory, not its result.');
      }
      claim(where, units.get(kind)!, kind, id, factory);
      own.set(id, [kind, factory]);
    }
  }
  for (const [alias, id] of Object.entries(plugin.aliases ?? {})) {
    const unit = own.get(id);
    if (!unit) throw pluginError(where, `alias ${alias} must name a unit of its plugin`, id, 'Check the spelling.');
    claim(where, units.get(unit[0])!, unit[0], alias.toLowerCase(), unit[1]);
  }
}

function claim(where: string, known: Map<string, unknown>, kind: UnitKind, id: string, factory: unknown): void {
  if (known.has(id)) {
    throw pluginError(where, `${kind} must have different ids`, id, 'Leave one of the two plugins out, or rename.');
  }
  known.set(id, factory);
}

function pluginError(where: string, rule: string, got: unknown, remedy: string): SimileError {
  return new SimileError({ where, rule, got, remedy, code: 'ERR_PLUGIN' });
}
