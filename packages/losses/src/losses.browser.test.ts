import { testLoss } from '@simile/testing';
import { test } from 'vitest';
import { multiSimilarityTest } from '../test/multi-similarity-test.ts';
import { tripletMarginTest } from '../test/triplet-margin-test.ts';
import { multiSimilarity } from './multi-similarity.ts';
import { tripletMargin } from './triplet-margin.ts';

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
