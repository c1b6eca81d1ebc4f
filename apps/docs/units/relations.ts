import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root, sourceFile } from './sources.ts';
import { allUnits, type Unit } from './units.ts';

/** Units that a unit goes with, and what they are to it. */
export interface Relation {
  readonly title: string;
  readonly units: readonly Unit[];
}

/** What goes with a unit: miners with losses, distances with losses, and its own kind. */
export function relationsOf(unit: Unit): Relation[] {
  const all = allUnits();
  const relations: Relation[] = [];
  const add = (title: string, units: readonly Unit[]): void => {
    if (units.length > 0) relations.push({ title, units });
  };
  if (takes(unit, 'miner'))
    add(
      'Miners for it',
      all.filter((one) => one.kind.id === 'miners' && isMiner(one)),
    );
  if (unit.kind.id === 'miners' && isMiner(unit))
    add(
      'Losses that take it',
      all.filter((one) => takes(one, 'miner')),
    );
  const distance = all.find((one) => one.kind.id === 'distances' && one.name === defaultDistance(unit));
  if (distance) add('Its distance, unless you pass another', [distance]);
  if (unit.kind.id === 'distances') {
    add(
      'Losses that use it by default',
      all.filter((one) => defaultDistance(one) === unit.name),
    );
  }
  const alike = all.filter((one) => one !== unit && one.kind === unit.kind && one.group === unit.group);
  add(unit.group === unit.kind.title ? `Other ${unit.kind.title.toLowerCase()}` : `${unit.group}, too`, alike);
  return relations;
}

function takes({ kind, options }: Unit, option: string): boolean {
  return kind.id === 'losses' && options.some(({ name }) => name === option);
}

function isMiner({ result }: Unit): boolean {
  return result.startsWith('Miner<');
}

function defaultDistance({ options }: Unit): string | undefined {
  const coded = options.find(({ name }) => name === 'distance')?.coded;
  return coded && /^(\w+)\(\)$/.exec(coded)?.[1];
}

/** Whether the loss lab can show a unit: those of the plugins, but for distances of bits, which have no slope. */
export function isInLab({ kind, id }: Unit): boolean {
  const lists = { losses: ['losses', 'viewLosses'], distances: ['distances'], miners: ['miners'] }[kind.id as string];
  if (!lists || id === 'hamming' || id === 'jaccard') return false;
  return pluginIds(kind.package, lists).has(id);
}

function pluginIds(name: string, lists: readonly string[]): Set<string> {
  const ids = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && lists.includes(node.name.getText())) {
      if (ts.isObjectLiteralExpression(node.initializer)) {
        for (const { name: key } of node.initializer.properties) if (key) ids.add(key.getText().replaceAll("'", ''));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceFile(join(root, 'packages', name, 'src/plugin.ts')));
  return ids;
}

/** An example of the playground. */
export interface PlaygroundExample {
  /** That of its file, without the ending. */
  readonly name: string;
  readonly title: string;
}

const examples = join(import.meta.dirname, '../examples');

/** Examples of the playground that import a unit. */
export function examplesWith({ name, from }: Unit): PlaygroundExample[] {
  if (!existsSync(examples)) return [];
  return readdirSync(examples)
    .filter((file) => /^\d.*\.ts$/.test(file))
    .toSorted()
    .flatMap((file) => {
      const text = readFileSync(join(examples, file), 'utf8');
      const imports = [...text.matchAll(/^import \{([^}]*)\} from '([^']+)'/gm)];
      const used = imports.some(
        ([, names = '', module]) => (module === from || module === 'simile') && names.split(/[\s,]+/).includes(name),
      );
      return used ? [{ name: file.replace(/\.ts$/, ''), title: text.split('\n')[0]!.replace(/^\/\/ /, '') }] : [];
    });
}
