// pnpm new loss n-pairs: source, test, golden file, README row, export, plugin entry, changeset.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addSorted, create, edit, type Edits } from './edit.ts';
import { camelCase, checkId, pascalCase } from './names.ts';

/** Files of a new loss. It starts as a contrastive loss that passes its tests, to be turned into yours line by line. */
export function newLoss(root: string, id: string | undefined): Edits {
  checkId(id);
  const edits: Edits = new Map();
  const folder = 'packages/losses';
  const [symbol, options] = [camelCase(id), `${pascalCase(id)}Options`];
  create(root, edits, `${folder}/src/${id}.ts`, source(id, symbol, options));
  create(root, edits, `${folder}/src/${id}.test.ts`, test(id, symbol, options));
  create(root, edits, `${folder}/src/${id}.golden.json`, golden());
  edit(root, edits, `${folder}/src/index.ts`, (text) =>
    addSorted(text, /^export (type )?\{.*\} from '\.\//, `export { ${symbol}, type ${options} } from './${id}.ts';`),
  );
  edit(root, edits, `${folder}/src/plugin.ts`, (text) => {
    const imported = addSorted(text, /^import \{ .* \} from '\.\//, `import { ${symbol} } from './${id}.ts';`);
    const key = id === symbol ? symbol : `'${id}': ${symbol}`;
    return imported.replace(/losses: \{\s*/, (start) => `${start}${key}, `);
  });
  // The list of those over pairs and triplets, which the new one is until it is something else.
  const pluginTest = `${folder}/src/plugin.test.ts`;
  if (existsSync(join(root, pluginTest))) {
    edit(root, edits, pluginTest, (text) =>
      text.replace(/(const OVER_PAIRS = \[\n)([^\]]*)/, (_, start: string, list: string) => {
        const lines = [...list.trimEnd().split('\n'), `  '${id}',`].sort();
        return `${start}${lines.join('\n')}\n`;
      }),
    );
  }
  const readme = `${folder}/README.md`;
  if (existsSync(join(root, readme)) && /^\| `/m.test(readFileSync(join(root, readme), 'utf8'))) {
    const row = `| \`${symbol}\` | $\\max$-margin form of yours | author, year | cpu, wasm, webgl, webgpu |`;
    edit(root, edits, readme, (text) => addRow(text, row));
  }
  const sentence = `\`${symbol}\`: what it is for, in one sentence.`;
  create(root, edits, `.changeset/${id}.md`, `---\n'@simile/losses': minor\n---\n\n${sentence}\n`);
  return edits;
}

/** Adds a row at the end of the first table whose rows begin with a name in code, cut to its number of columns. */
function addRow(text: string, row: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('| `'));
  let end = first;
  while (lines[end]?.startsWith('|')) end++;
  const columns = lines[first]!.replace(/`[^`]*`/g, '').split('|').length - 2;
  const cells = row.split('|').slice(1, -1);
  while (cells.length < columns) cells.push(' ');
  lines.splice(end, 0, `|${cells.slice(0, columns).join('|')}|`);
  return lines.join('\n');
}

function source(id: string, symbol: string, options: string): string {
  return `import {
  defineLoss,
  meanOfValid,
  type Distance,
  type Loss,
  type Miner,
  type Pairs,
  type Reducer,
  type Triplets,
} from '@simile/core';
import { checkNames, checkPositive } from '@simile/core/errors';
import { add, mul, relu, reshape, sub, type Tensor1D } from '@simile/core/ops';
import { euclidean } from '@simile/distances';
import { keptPairs } from './kept-pairs.ts';

const id = '${id}';

/** Options of {@link ${symbol}}. */
export interface ${options} {
  /** Distance beyond which a negative pair costs nothing, in the unit of \`distance\`; finite, above 0. Default 1. */
  margin?: number;
  /** All-pairs distance, smaller is closer. Default \`euclidean()\`. */
  distance?: Distance;
  /** Pairs to look at. Default all. */
  miner?: Miner<Pairs | Triplets>;
  /** From the costs of the pairs to one number. Default \`meanOfValid\`: the mean over the pairs that exist. */
  reduce?: Reducer;
}

/**
 * Positive pairs should be near each other, negative pairs at least a margin apart.
 *
 * $$ \\ell_{ij} = y_{ij} d_{ij} + (1 - y_{ij}) \\max(0, m - d_{ij}) $$
 *
 * A row is no pair of its own; a batch without pairs costs 0.
 *
 * | tensor     | shape    | dtype   | unit                             |
 * | ---------- | -------- | ------- | -------------------------------- |
 * | labels     | \`[n]\`    | any     | class id, or any other relation  |
 * | embeddings | \`[n, d]\` | float32 | any                              |
 * | result     | \`[]\`     | float32 | that of \`distance\`; 0 or more    |
 *
 * Cost: that of \`distance\`, and O(n²) time and memory.
 *
 * @throws \`ERR_OPTION\` for an option out of its range; the loss throws \`ERR_SHAPE\` and \`ERR_DTYPE\`.
 * @see Hadsell, Chopra & LeCun, “Dimensionality Reduction by Learning an Invariant Mapping”, CVPR 2006, eq. 4
 * @example
 * const loss = ${symbol}({ margin: 4 });
 * loss(tensor1d([0, 0, 1]), tensor2d([[0], [1], [3]])); // (1 + 1 + 2) / 3 over the pairs (0, 1), (0, 2), (1, 2)
 */
export function ${symbol}(options: ${options} = {}): Loss {
  const { margin = 1, distance = euclidean(), miner, reduce = meanOfValid } = options;
  checkNames(id, options, ['margin', 'distance', 'miner', 'reduce']);
  checkPositive(id, { margin });
  return defineLoss(
    id,
    { margin, distance: distance.name },
    (labels, embeddings, reference) => {
      const d = distance(embeddings, reference?.embeddings); // [n, m]
      const { positive, negative } = keptPairs(id, d, labels, reference, miner); // [n, m]
      const costs = add(mul(positive, d), mul(negative, relu(sub(margin, d)))); // [n, m]
      const taken = reshape(add(positive, negative), [-1]) as Tensor1D;
      return reduce(reshape(costs, [-1]) as Tensor1D, taken, { labels, rows: d.shape[0] });
    },
    { distance },
  );
}
`;
}

function test(id: string, symbol: string, options: string): string {
  return `import type { Miner, Pairs } from '@simile/core';
import { testLoss, type LossOracleInput } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import golden from './${id}.golden.json' with { type: 'json' };
import { ${symbol}, type ${options} } from './${id}.ts';

/** The loss by loops over pairs, in float64. */
function oracle({ rows, columns, same }: LossOracleInput, { margin = 1 }: ${options}): number {
  const costs: number[] = [];
  rows.forEach((row, i) => {
    columns.forEach((column, j) => {
      const d = Math.hypot(...row.map((x, k) => x - column[k]!));
      if (same(i, j) === true) costs.push(d);
      if (same(i, j) === false) costs.push(Math.max(0, margin - d));
    });
  });
  return costs.length === 0 ? 0 : costs.reduce((total, cost) => total + cost, 0) / costs.length;
}

/** A miner that keeps what it is told to. */
const keeping =
  (masks: { positive: number[][]; negative: number[][] }): Miner<Pairs> =>
  () => ({ kind: 'pairs', positive: tensor2d(masks.positive), negative: tensor2d(masks.negative) });

testLoss(
  ${symbol},
  {
    oracle,
    worked: [
      // Pairs at 1 (positive), 3 and 2 (negative), each met twice: (1 + (4 − 3) + (4 − 2)) / 3.
      { options: { margin: 4 }, labels: [0, 0, 1], rows: [[0], [1], [3]], value: 4 / 3 },
    ],
    options: [{}, { margin: 0.5 }],
    golden: golden.cases,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

describe('${symbol}', () => {
  test('looks at the pairs of a miner alone', () => {
    const miner = keeping({ positive: [[0, 1, 0], [0, 0, 0], [0, 0, 0]], negative: [[0, 0, 1], [0, 0, 0], [0, 0, 0]] });
    const value = ${symbol}({ margin: 4, miner })(tensor1d([0, 0, 1]), tensor2d([[0], [1], [3]]));
    expect(value.dataSync()[0]).toBeCloseTo((1 + (4 - 3)) / 2, 6); // row 0 and its positive at 1, its negative at 3
    value.dispose();
  });

  test('says what is wrong with an option', () => {
    expect(() => ${symbol}({ margin: 0 })).toThrow(
      '${id}: margin must be a finite number above 0, but got 0. Leave margin out to use the default. [ERR_OPTION]',
    );
    // @ts-expect-error a misspelt option
    expect(() => ${symbol}({ margins: 1 })).toThrow(
      "${id}: options are margin, distance, miner, reduce, but got 'margins'. Check the spelling. [ERR_OPTION]",
    );
  });
});
`;
}

function golden(): string {
  return `{
  "origin": "Implementation, version, command and date that the cases below were recorded with.",
  "cases": []
}
`;
}
