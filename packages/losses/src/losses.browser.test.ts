import type { ViewLoss } from '@simile/core';
import { lossChecks, registerChecks, testLoss, viewLossChecks, type GoldenViewLoss } from '@simile/testing';
import { test } from 'vitest';
import { multiSimilarityTest } from '../test/multi-similarity-test.ts';
import { tripletMarginTest } from '../test/triplet-margin-test.ts';
import barlowTwinsGolden from './barlow-twins.golden.json' with { type: 'json' };
import { barlowTwins } from './barlow-twins.ts';
import byolGolden from './byol.golden.json' with { type: 'json' };
import { byol } from './byol.ts';
import clipGolden from './clip.golden.json' with { type: 'json' };
import { clip } from './clip.ts';
import dinoGolden from './dino.golden.json' with { type: 'json' };
import { dino } from './dino.ts';
import { multiSimilarity } from './multi-similarity.ts';
import ntXentGolden from './nt-xent.golden.json' with { type: 'json' };
import { ntXent } from './nt-xent.ts';
import sigLipGolden from './sig-lip.golden.json' with { type: 'json' };
import { sigLip } from './sig-lip.ts';
import simSiamGolden from './sim-siam.golden.json' with { type: 'json' };
import { simSiam } from './sim-siam.ts';
import { thresholdConsistentMargin } from './threshold-consistent-margin.ts';
import { tripletMargin } from './triplet-margin.ts';
import vicRegGolden from './vic-reg.golden.json' with { type: 'json' };
import { vicReg } from './vic-reg.ts';

// A GPU made of software compiles every shader anew, so a few sets of options stand for all; Node runs the others.
testLoss(
  multiSimilarity,
  {
    ...multiSimilarityTest,
    options: multiSimilarityTest.options!.slice(0, 1),
    golden: [],
    backends: ['webgl', 'webgpu'],
  },
  { test },
);
testLoss(
  tripletMargin,
  {
    ...tripletMarginTest,
    options: [tripletMarginTest.options![0]!, tripletMarginTest.options![9]!],
    golden: [],
    backends: ['webgl', 'webgpu'],
  },
  { test },
);

/** Losses over two views, with what another implementation recorded of six items of four numbers. */
const overViews: Readonly<Record<string, [(options: never, dimension: number) => ViewLoss, readonly unknown[]]>> = {
  'barlow-twins': [barlowTwins, barlowTwinsGolden.cases],
  byol: [byol, byolGolden.cases],
  clip: [clip, clipGolden.cases],
  dino: [(options: object, dimension) => dino({ ...options, dimension }), dinoGolden.cases],
  'nt-xent': [ntXent, ntXentGolden.cases],
  'sig-lip': [sigLip, sigLipGolden.cases],
  'sim-siam': [simSiam, simSiamGolden.cases],
  'vic-reg': [vicReg, vicRegGolden.cases],
};

// One shape for value, gradients and zero rows: there a GPU meets every operation of a loss once. Node runs the oracles.
for (const [id, [make, cases]] of Object.entries(overViews)) {
  const checks = viewLossChecks(make as (options: object, dimension: number) => ViewLoss, {
    oracle: () => Number.NaN,
    worked: [],
    golden: cases.slice(0, 1) as GoldenViewLoss<object>[],
    backends: ['webgl', 'webgpu'],
  });
  const few = checks.filter(({ name }) => /^gives the recorded|rows of zeros among others$/.test(name));
  registerChecks(id, few, test);
}

// Those beside or around others, in the same way.
const worked = [
  {
    labels: [0, 0, 1],
    rows: [
      [1, 0],
      [0, 1],
      [2, 0],
    ],
    value: 0.9 + 0.5,
  }, // positives at 1, a negative pair at 0
];
const beside = lossChecks(thresholdConsistentMargin, {
  oracle: () => Number.NaN,
  worked,
  backends: ['webgl', 'webgpu'],
});
registerChecks(
  'threshold-consistent-margin',
  beside.filter(({ name }) => /^gives the value|rows of zeros among others$/.test(name)),
  test,
);
