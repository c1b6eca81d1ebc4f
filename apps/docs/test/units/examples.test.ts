import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createIndex, workerEngine } from '@simile/index';
import { describe, expect, test } from 'vitest';
import { lackingKernels, standingsOf } from '../../units/backends.ts';
import { exampleProgram } from '../../units/example-programs.ts';
import { inWorkers, keyOf, readExamples, runExamples } from '../../units/facts.ts';
import { root } from '../../units/sources.ts';
import { allUnits } from '../../units/units.ts';
import { said } from './said.ts';

/** What examples come to whose comments are prose, worked out by hand from what they say. */
const prose: Readonly<Record<string, readonly string[]>> = {
  'miners/angular-miner': ['(0, 1, 2), (1, 0, 2)'],
  // Points 0, 3 | 2, 5: the positives are at 3, the negative beyond is at 5, for rows 0 and 3 alone.
  'miners/batch-easy-hard': ['{ negative: [ [ 0, 0, 0, 1 ], [ 0, 0, 0, 0 ], [ 0, 0, 0, 0 ], [ 1, 0, 0, 0 ] ] }'],
  'miners/batch-hard': ['(0, 1, 2), (1, 0, 2)'],
  'miners/distance-weighted': ['(1, 0, 2)'],
  'miners/hard-negative-miner': ['(0, 1, 2), (1, 0, 2), (2, 3, 1), (3, 2, 1)'],
  'miners/hdc': ['{ negative: [ [ 0, 0, 0 ], [ 0, 0, 1 ], [ 0, 1, 0 ] ] }'],
  // Points 0, 2 | 1, 9: the positives are at 2 and at 8, negatives nearer than that and 0.5 are kept.
  'miners/multi-similarity-miner': ['{ negative: [ [ 0, 0, 1, 0 ], [ 0, 0, 1, 0 ], [ 1, 1, 0, 0 ], [ 0, 1, 0, 0 ] ] }'],
  // Inverse of 1 and 1.2: 6 to 5.
  'miners/negative-probabilities': ['[ 0, 0.5455, 0.4545, 0.5, 0, 0.5, 0.4545, 0.5455, 0 ]'],
  'miners/pair-margin-miner': [
    '{ positive: [ [ 0, 1, 0 ], [ 1, 0, 0 ], [ 0, 0, 0 ] ], negative: [ [ 0, 0, 0 ], [ 0, 0, 1 ], [ 0, 1, 0 ] ] }',
  ],
  'miners/triplet-margin-miner': ['(0, 1, 2)'],
  // One of the pairs at 1 and 2, one of those at 9.
  'miners/uniform-histogram': ['{ negative: [ [ 0, 0, 0, 0 ], [ 0, 0, 0, 0 ], [ 1, 0, 0, 0 ], [ 1, 0, 0, 0 ] ] }'],
  'samplers/multi-shot-sampler': ['[ 6, 1 ]', '[ 3, 3, 2, 2, 1, 1 ]'],
  'metrics/match-nearest': ["{ labels: [ 'a' ], distances: [ 0.1 ] }"],
  'metrics/match-majority-vote': ['{ labels: [ 2 ], distances: [ 2 ] }'],
  'metrics/count-matches': ['[ { truePositives: 1, falsePositives: 0, trueNegatives: 1, falseNegatives: 0 } ]'],
  'metrics/confusion-matrix': ["{ classes: [ 'a', 'b' ], counts: [ [ 1, 0, 1 ], [ 1, 0, 0 ] ] }"],
};

describe('examples of units', async () => {
  const { runs, failures, cases } = await readExamples();

  test('all run', () => expect(failures).toEqual({}));

  const programs = allUnits().flatMap((unit) => {
    const program = exampleProgram(unit);
    return program && !inWorkers.includes(keyOf(unit)) ? [{ key: keyOf(unit), program }] : [];
  });

  test.each(programs)('$key comes to what its comments say', ({ key, program }) => {
    const { values, numbers } = runs[key]!;
    expect(values.length).toBe(program.said.length);
    expect(values.length).toBeGreaterThan(0);
    if (prose[key]) {
      expect(values.map(oneLine)).toEqual(prose[key]);
      return;
    }
    for (const [at, comment] of program.said.entries()) {
      const wanted = said(comment);
      if (typeof wanted === 'string') {
        const got = oneLine(values[at]!)
          .replaceAll('relaxed-simd', 'simd')
          .replace(/^'(.*)'$/, '$1');
        if (comment.startsWith('throws')) expect(got).toContain(wanted);
        else expect(got).toBe(wanted);
      } else {
        expect(wanted, `${comment} says no value: make it do so, or enter its value by hand`).toBeDefined();
        expect(numbers[at]?.length).toBe(wanted!.length);
        for (const [i, value] of wanted!.entries()) expect(numbers[at]![i]).toBeCloseTo(value, 3.9);
      }
    }
  });

  test('on the WASM backend of tfjs they come to the same, with gradients where the page says so', async () => {
    const wasm = await runExamples('wasm');
    expect(wasm.failures).toEqual({});
    const lacking = lackingKernels(cases);
    for (const { key } of programs) {
      const [here, there] = [runs[key]!, wasm.runs[key]!];
      for (const [at, numbers] of here.numbers.entries()) {
        for (const [i, value] of (numbers ?? []).entries()) {
          expect(there.numbers[at]![i], `${key}, value ${at}`).toBeCloseTo(value, 3);
        }
      }
      if (here.kernels.length === 0) continue;
      const { standing } = standingsOf(here, lacking).wasm;
      expect(there.trains, `${key} on wasm`).toBe(standing === 'trains');
    }
  });

  test('the script of a worker serves an engine', async () => {
    const unit = allUnits().find((one) => keyOf(one) === 'index-engines/serve-engine')!;
    const source = pathToFileURL(join(root, 'packages/index/src/index.ts')).href;
    const code = `import { flatEngine, serveEngine } from ${JSON.stringify(source)};
      ${unit.docs.example}`;
    const script = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
    const engine = workerEngine({ worker: () => new Worker(script, { execArgv: ['--conditions=source'] }) });
    const index = createIndex({ dimension: 2, engine });
    await index.add(Float32Array.of(1, 0, 0, 1), { ids: ['right', 'up'] });
    const [neighbors] = await index.search(Float32Array.of(0.1, 2), { k: 1 });
    expect(neighbors?.map(({ id }) => id)).toEqual(['up']);
    await index.close();
  });
});

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
