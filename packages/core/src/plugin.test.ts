import { describe, expect, it } from 'vitest';
import type { Distance, Loss, Plugin, ViewLoss } from './contract.ts';
import { createRegistry, definePlugin } from './plugin.ts';

const lossNamed = (name: string) => (options?: object) => ({ name, options }) as unknown as Loss;
const distanceNamed = (name: string) => (options?: object) => ({ name, options }) as unknown as Distance;

const ours = definePlugin({
  spec: 1,
  name: '@simile/ours',
  losses: { 'triplet-margin': lossNamed('triplet-margin'), circle: lossNamed('circle') },
  distances: { euclidean: distanceNamed('euclidean') },
  aliases: { L2: 'euclidean', TripletLoss: 'triplet-margin' },
});
const theirs = definePlugin({
  spec: 1,
  name: 'their-losses',
  losses: { 'angular-2d': lossNamed('angular-2d') },
  viewLosses: { 'two-sided': (options?: object) => ({ name: 'two-sided', options }) as unknown as ViewLoss },
  miners: { 'batch-hard': () => () => ({ kind: 'triplets' }) as never },
});
const broken = (parts: object): Plugin => ({ spec: 1, name: 'broken', ...parts }) as Plugin;

describe('createRegistry', () => {
  const registry = createRegistry([ours, theirs]);

  it('makes units with their options', () => {
    expect(registry.loss('triplet-margin', { margin: 1 })).toEqual({ name: 'triplet-margin', options: { margin: 1 } });
    expect(registry.distance('euclidean').name).toBe('euclidean');
    expect(registry.loss('angular-2d').name).toBe('angular-2d');
    expect(registry.viewLoss('two-sided', { a: 1 })).toEqual({ name: 'two-sided', options: { a: 1 } });
    expect(registry.miner('batch-hard')({} as never, {} as never).kind).toBe('triplets');
  });

  it('knows aliases, and no difference between cases', () => {
    expect(registry.distance('l2').name).toBe('euclidean');
    expect(registry.distance('L2').name).toBe('euclidean');
    expect(registry.loss('tripletloss').name).toBe('triplet-margin');
    expect(registry.loss('Triplet-Margin').name).toBe('triplet-margin');
  });

  it('lists ids, sorted, without aliases', () => {
    expect(registry.ids('losses')).toEqual(['angular-2d', 'circle', 'triplet-margin']);
    expect(registry.ids('distances')).toEqual(['euclidean']);
    expect(registry.ids('datasets')).toEqual([]);
    expect(registry.plugins).toEqual([ours, theirs]);
  });

  it('is a value: two registries know nothing of each other', () => {
    expect(createRegistry([theirs]).ids('losses')).toEqual(['angular-2d']);
    expect(createRegistry([]).ids('losses')).toEqual([]);
  });

  it('lets one id name units of two kinds', () => {
    const both = createRegistry([broken({ losses: { circle: lossNamed('c') }, layers: { circle: () => 1 } })]);
    expect(both.loss('circle').name).toBe('c');
    expect(both.factory('layers', 'circle')()).toBe(1);
  });

  it('says what there is when asked for what there is not', () => {
    expect(() => registry.loss('triplet')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: registry: losses known here are angular-2d, circle, triplet-margin, but got 'triplet'. Check the spelling, or add the plugin that has it to createRegistry. [ERR_OPTION]]`,
    );
    expect(() => registry.factory('datasets', 'mnist')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: registry: datasets known here are none, but got 'mnist'. Check the spelling, or add the plugin that has it to createRegistry. [ERR_OPTION]]`,
    );
    expect(() => registry.loss('l2')).toThrow(/losses known here/);
  });
});

describe('a plugin that breaks the contract', () => {
  it('of another spec is refused', () => {
    expect(() => createRegistry([broken({ spec: 2 })])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: plugin broken: spec must be 1, but got 2. Update Simile, or the plugin. [ERR_PLUGIN]]`,
    );
    expect(() => createRegistry([undefined as unknown as Plugin])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: plugin (no name): spec must be 1. Update Simile, or the plugin. [ERR_PLUGIN]]`,
    );
  });

  it('without a name is refused', () => {
    expect(() => createRegistry([broken({ name: '' })])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: plugin (no name): name must be the npm name of the package, but got ''. Add the name. [ERR_PLUGIN]]`,
    );
  });

  it.each(['tripletMargin', 'Circle', '2d', 'triplet--margin', 'triplet-', ''])('with the id %j is refused', (id) => {
    expect(() => createRegistry([broken({ losses: { [id]: lossNamed(id) } })])).toThrow(/ids must be kebab-case/);
  });

  it('says which id', () => {
    expect(() => createRegistry([broken({ losses: { tripletMargin: () => 1 } })])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: plugin broken: ids must be kebab-case, but got 'tripletMargin'. Rename the unit. [ERR_PLUGIN]]`,
    );
  });

  it('with a unit in place of its factory is refused', () => {
    expect(() => createRegistry([broken({ losses: { circle: 3 } })])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: plugin broken: losses.circle must be a function, but got 3. Give the factory, not its result. [ERR_PLUGIN]]`,
    );
  });

  it('with an id that another has is refused', () => {
    expect(() => createRegistry([ours, broken({ losses: { circle: () => 1 } })])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: plugin broken: losses must have different ids, but got 'circle'. Leave one of the two plugins out, or rename. [ERR_PLUGIN]]`,
    );
    expect(() => createRegistry([ours, ours])).toThrow(/ERR_PLUGIN/);
  });

  it('with an alias that is taken is refused', () => {
    const alias = { losses: { arc: () => 1 }, aliases: { Circle: 'arc' } };
    expect(() => createRegistry([ours, broken(alias)])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: plugin broken: losses must have different ids, but got 'circle'. Leave one of the two plugins out, or rename. [ERR_PLUGIN]]`,
    );
  });

  it('with an alias of nothing, or of what another has, is refused', () => {
    expect(() => createRegistry([broken({ aliases: { l1: 'manhattan' } })])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: plugin broken: alias l1 must name a unit of its plugin, but got 'manhattan'. Check the spelling. [ERR_PLUGIN]]`,
    );
    expect(() => createRegistry([ours, broken({ aliases: { ring: 'circle' } })])).toThrow(
      /must name a unit of its plugin/,
    );
  });
});

describe('definePlugin', () => {
  it('gives back what it was given', () => {
    expect(definePlugin(theirs)).toBe(theirs);
  });
});
