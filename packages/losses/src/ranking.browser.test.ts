import type { Loss } from '@simile/core';
import { classLossChecks, lossChecks, registerChecks, type GoldenClassLoss, type GivenWeights } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu'; // a loss with memory has a tensor from the start
import { test } from 'vitest';
import { goldenOf } from '../test/pairs.ts';
import angularGolden from './angular.golden.json' with { type: 'json' };
import { angular } from './angular.ts';
import centroidTripletGolden from './centroid-triplet.golden.json' with { type: 'json' };
import { centroidTriplet } from './centroid-triplet.ts';
import dynamicSoftMarginGolden from './dynamic-soft-margin.golden.json' with { type: 'json' };
import { dynamicSoftMargin } from './dynamic-soft-margin.ts';
import fastApGolden from './fast-ap.golden.json' with { type: 'json' };
import { fastAp } from './fast-ap.ts';
import histogramGolden from './histogram.golden.json' with { type: 'json' };
import { histogram } from './histogram.ts';
import intraPairVarianceGolden from './intra-pair-variance.golden.json' with { type: 'json' };
import { intraPairVariance } from './intra-pair-variance.ts';
import manifoldGolden from './manifold.golden.json' with { type: 'json' };
import { manifold } from './manifold.ts';
import ncaGolden from './nca.golden.json' with { type: 'json' };
import { nca } from './nca.ts';
import p2sGradGolden from './p2s-grad.golden.json' with { type: 'json' };
import { p2sGrad } from './p2s-grad.ts';
import pnpGolden from './pnp.golden.json' with { type: 'json' };
import { pnp } from './pnp.ts';
import rankedListGolden from './ranked-list.golden.json' with { type: 'json' };
import { rankedList } from './ranked-list.ts';
import smoothApGolden from './smooth-ap.golden.json' with { type: 'json' };
import { smoothAp } from './smooth-ap.ts';
import snrContrastiveGolden from './snr-contrastive.golden.json' with { type: 'json' };
import { snrContrastive } from './snr-contrastive.ts';
import tupletMarginGolden from './tuplet-margin.golden.json' with { type: 'json' };
import { tupletMargin } from './tuplet-margin.ts';

// A GPU made of software compiles every shader anew: one recorded case meets every operation of a loss, and rows of zeros those that
// divide. Node runs the oracles.
const backends = ['webgl', 'webgpu'] as const;
const few = ({ name, backend }: { name: string; backend: string }): boolean =>
  name.startsWith('gives the recorded') || (backend === 'webgl' && /rows of zeros among others/.test(name));

const overPairs: Readonly<Record<string, [(options: never) => Loss, readonly unknown[]]>> = {
  angular: [angular, angularGolden.cases],
  'centroid-triplet': [centroidTriplet, centroidTripletGolden.cases],
  'fast-ap': [fastAp, fastApGolden.cases],
  'intra-pair-variance': [intraPairVariance, intraPairVarianceGolden.cases],
  nca: [nca, ncaGolden.cases],
  pnp: [pnp, pnpGolden.cases],
  'smooth-ap': [smoothAp, smoothApGolden.cases],
  'snr-contrastive': [snrContrastive, snrContrastiveGolden.cases],
  'tuplet-margin': [tupletMargin, tupletMarginGolden.cases],
};

/** Those whose gradient is not that of the record, or has fewer digits of a cosine than a GPU keeps: their value only. */
const byValue: typeof overPairs = {
  'dynamic-soft-margin': [dynamicSoftMargin, dynamicSoftMarginGolden.cases],
  histogram: [histogram, histogramGolden.cases],
  'ranked-list': [rankedList, rankedListGolden.cases],
};

for (const [id, [make, cases]] of [...Object.entries(overPairs), ...Object.entries(byValue)]) {
  const [first] = goldenOf<object>(cases);
  const { gradient: _gradient, ...value } = first!;
  const checks = lossChecks(make as (options?: object) => Loss, {
    oracle: () => Number.NaN,
    worked: [],
    golden: [id in byValue ? { ...value, tolerance: 1e-3 } : first!],
    backends,
  });
  registerChecks(id, checks.filter(few), test);
}

const overClasses: Readonly<Record<string, [(options: never) => Loss, readonly unknown[]]>> = {
  manifold: [manifold, manifoldGolden.cases],
  'p2s-grad': [p2sGrad, p2sGradGolden.cases],
};

for (const [id, [make, cases]] of Object.entries(overClasses)) {
  const checks = classLossChecks(make as (options: GivenWeights) => Loss, {
    oracle: () => Number.NaN,
    worked: [],
    golden: cases.slice(0, 1) as GoldenClassLoss<object>[],
    backends,
  });
  registerChecks(id, checks.filter(few), test);
}
