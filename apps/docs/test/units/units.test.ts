import * as augmenters from '@simile/augmenters';
import * as distances from '@simile/distances';
import * as index from '@simile/index';
import * as layers from '@simile/layers';
import * as losses from '@simile/losses';
import * as metrics from '@simile/metrics';
import * as miners from '@simile/miners';
import * as samplers from '@simile/samplers';
import * as visualization from '@simile/visualization';
import { describe, expect, test } from 'vitest';
import { kinds } from '../../units/kinds.ts';
import { splitDefault } from '../../units/options.ts';
import { allUnits, linkTo, type Unit } from '../../units/units.ts';

const packages: Readonly<Record<string, object>> = {
  augmenters,
  distances,
  index,
  layers,
  losses,
  metrics,
  miners,
  samplers,
  visualization,
};
const units = allUnits();

test.each(kinds)('$package: every function that it exports is a unit', ({ id, package: name }) => {
  const exported = Object.entries(packages[name]!).flatMap(([key, value]) =>
    typeof value === 'function' ? [key] : [],
  );
  const found = units.filter(({ kind }) => kind.id === id).map(({ name: own }) => own);
  expect(found.toSorted()).toEqual(exported.toSorted());
});

test('each has an address of its own', () => {
  expect(new Set(units.map(linkTo)).size).toBe(units.length);
});

test.each(kinds)('$title: groups name units that are there, and where there are groups each unit is in one', (kind) => {
  const own = units.filter((unit) => unit.kind === kind);
  for (const name of Object.values(kind.groups).flat()) expect(own.map((unit) => unit.name)).toContain(name);
  if (Object.keys(kind.groups).length > 0) expect(own.filter(({ group }) => group === kind.title)).toEqual([]);
});

/** What a unit of a kind owes its reader. */
const owed: Readonly<Record<string, readonly ('formula' | 'table' | 'cost' | 'throws')[]>> = {
  losses: ['formula', 'table', 'cost', 'throws'],
  distances: ['formula', 'table', 'cost', 'throws'],
  miners: ['formula', 'table', 'cost', 'throws'],
  samplers: ['table', 'cost', 'throws'],
  layers: ['formula', 'table', 'cost', 'throws'],
  metrics: [],
  'index-engines': ['throws'],
  plots: ['throws'],
  augmenters: ['throws'],
};

/** Functions that compute nothing over rows. */
const notNumbers = new Set(['moveTowards', 'registerLayers', 'serveEngine']);

const formulasOfMetrics = kinds
  .find(({ id }) => id === 'metrics')!
  .groups['Classification at a threshold']!.filter((name) => name !== 'classificationMetric')
  .concat('recallAtK', 'precisionAtK', 'rPrecision', 'mapAtR', 'matchNearest', 'matchMajorityVote');

describe.each(units.map((unit) => ({ key: `${unit.kind.id}/${unit.id}`, unit })))('$key', ({ unit }) => {
  const { docs } = unit;

  test('has a sentence, an example, and what its kind owes', () => {
    expect(docs.lead).toMatch(/\.$/);
    expect(docs.example).toMatch(/\w\(/); // calls something
    const has = {
      formula: docs.blocks.some((block) => /^\$\$[\s\S]+\$\$$/.test(block)),
      table: docs.table !== undefined,
      cost: docs.cost !== undefined,
      throws: docs.throws !== undefined && /ERR_[A-Z]+/.test(docs.throws),
    };
    if (formulasOfMetrics.includes(unit.name)) expect(has.formula).toBe(true);
    if (notNumbers.has(unit.name)) return;
    for (const part of owed[unit.kind.id]!) expect(has[part], part).toBe(true);
  });

  test('says of each option what it is, and its default as the code has it', () => {
    for (const { name, optional, text, default: said, coded } of unit.options) {
      expect(text.length, `${name} has no docs`).toBeGreaterThan(5);
      if (!optional) continue;
      expect(said, `${name} has no “Default …”`).toMatch(/\S/);
      const plain = said!.replace(/[`'−]/g, (mark) => (mark === '−' ? '-' : ''));
      const inWords = plain === said && !/^[-.\d]|^(true|false)$/.test(plain);
      const literal = coded === undefined || inWords ? undefined : literalOf(coded);
      if (literal !== undefined) expect(plain.replace(/^\./, '0.'), name).toBe(literal);
    }
  });

  test('says of each number its unit or range', () => {
    for (const { name, type, text } of unit.options) {
      if (!/^(readonly )?number(\[\])?$/.test(type) || /^seed$/.test(name)) continue;
      expect(text, name).toMatch(ranges);
    }
  });

  test('says of each parameter what it is', () => {
    if (unit.parameters.length < 2) return;
    for (const { name, text } of unit.parameters) if (!/^(options|labels)$/.test(name)) expect(text, name).not.toBe('');
  });
});

/** Words by which docs say how large a number may be, or what it counts. */
const ranges =
  /\b(above|below|at (most|least)|or more|from|between|unit of|radians|whole number|finite|share|any number|positive|ranks|similarity|distance|rows|bytes|records|values|nodes|links|lists|threads|pixels|milliseconds|batches|examples|calls|steps|first so many|weight|scale|width|height)\b|1\/|[0-9] to [0-9]/i;

/** A default of the code that its docs can say in the same letters. */
function literalOf(coded: string): string | undefined {
  if (/^-?[\d._]+$/.test(coded)) return String(Number(coded.replaceAll('_', '')));
  if (/^'[^']*'$/.test(coded)) return coded.slice(1, -1);
  return coded === 'true' || coded === 'false' || /^\w+\(\)$/.test(coded) || /^meanOf\w+$/.test(coded)
    ? coded
    : undefined;
}

test('a default is read with its reasons left in the text', () => {
  expect(splitDefault('Gap wanted; 0 or more. Default 0.1.')).toEqual({
    text: 'Gap wanted; 0 or more.',
    default: '0.1',
  });
  expect(splitDefault('Distance. Default `cosine()`, whose range is fixed.')).toEqual({
    text: 'Distance. Default `cosine()`, whose range is fixed.',
    default: '`cosine()`',
  });
  expect(splitDefault('Stops it.')).toEqual({ text: 'Stops it.', default: undefined });
});

test('a unit is read from its docs and its code', () => {
  const unit = units.find(({ name }) => name === 'tripletMargin') as Unit;
  expect(unit).toMatchObject({
    id: 'triplet-margin',
    from: '@simile/losses',
    group: 'Pairs and triplets',
    file: 'packages/losses/src/triplet-margin.ts',
    signature: 'tripletMargin(options?: TripletMarginOptions): Loss',
    parameters: [],
  });
  expect(unit.options.find(({ name }) => name === 'negatives')).toMatchObject({
    type: 'NegativeStrategy',
    optional: true,
    default: '`semi-hard`',
    coded: "'semi-hard'",
  });
});

test('options that are inherited, picked or left out are found', () => {
  const namesOf = (name: string): string[] => units.find((unit) => unit.name === name)!.options.map((one) => one.name);
  expect(namesOf('arcFace')).toEqual(['margin', 'scale', 'reduce', 'classes', 'dimension', 'seed', 'weights']);
  expect(namesOf('flip')).toEqual(['axis']);
  expect(namesOf('randomWarp')).toContain('elastic');
  expect(namesOf('randomAffine')).not.toContain('elastic');
  expect(units.find(({ name }) => name === 'metricEmbedding')!.otherOptions).toEqual(['DenseOptions']);
});
