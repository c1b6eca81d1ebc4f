import '@tensorflow/tfjs-backend-cpu';
import { createRegistry } from '@simile/core';
import { describe, expect, test } from 'vitest';
import { lossesPlugin, lp, ntXent, tripletMargin } from './index.ts';

/** Losses that own weights for each class. */
const OWN_WEIGHTS = [
  'arc-face',
  'cos-face',
  'large-margin-softmax',
  'manifold',
  'normalized-softmax',
  'p2s-grad',
  'proxy-anchor',
  'proxy-nca',
  'soft-triple',
  'sphere-face',
  'sub-center-arc-face',
];

/** Losses over pairs and triplets. */
const OVER_PAIRS = [
  'angular',
  'centroid-triplet',
  'circle',
  'contrastive',
  'cross-batch-memory',
  'dynamic-soft-margin',
  'fast-ap',
  'generalized-lifted-structure',
  'histogram',
  'instance',
  'intra-pair-variance',
  'lifted-structure',
  'margin',
  'multi-similarity',
  'multiple-negatives-ranking',
  'n-pairs',
  'nca',
  'pn',
  'pnp',
  'ranked-list',
  'smooth-ap',
  'snr-contrastive',
  'soft-nearest-neighbor',
  'sup-con',
  'threshold-consistent-margin',
  'triplet-margin',
  'tuplet-margin',
];

/** Losses made of others. */
const OF_OTHERS = ['matryoshka', 'multiple-losses', 'regularized', 'two-views'];

/** Losses over two views. */
const OVER_VIEWS = [
  'barlow-twins',
  'byol',
  'clip',
  'dino',
  'nt-xent',
  'self-supervised',
  'sig-lip',
  'sim-siam',
  'vic-reg',
];

/** Options of losses that do not do without. */
const NEEDED: Readonly<Record<string, object>> = {
  ...Object.fromEntries(OWN_WEIGHTS.map((id) => [id, { classes: 2, dimension: 3 }])),
  'cross-batch-memory': { loss: tripletMargin(), memorySize: 8 },
  dino: { dimension: 3 },
  matryoshka: { loss: tripletMargin(), dimensions: [2, 4] },
  'multiple-losses': { losses: [tripletMargin()] },
  regularized: { loss: tripletMargin(), regularizer: lp() },
  'self-supervised': { loss: tripletMargin() },
  'two-views': { loss: ntXent() },
};

const registry = createRegistry([lossesPlugin]);

describe('lossesPlugin', () => {
  test('offers every loss under its name', () => {
    expect(registry.ids('losses')).toEqual([...OVER_PAIRS, ...OWN_WEIGHTS, ...OF_OTHERS].sort());
    for (const id of registry.ids('losses')) {
      const loss = registry.loss(id, NEEDED[id] ?? {});
      expect(loss.name).toBe(id);
      expect(loss.variables !== undefined).toBe(OWN_WEIGHTS.includes(id));
    }
  });

  // Names of TensorFlow Similarity and PyTorch Metric Learning.
  test.each([
    ['AngularLoss', 'angular'],
    ['CentroidTripletLoss', 'centroid-triplet'],
    ['DynamicSoftMarginLoss', 'dynamic-soft-margin'],
    ['FastAPLoss', 'fast-ap'],
    ['HistogramLoss', 'histogram'],
    ['IntraPairVarianceLoss', 'intra-pair-variance'],
    ['ManifoldLoss', 'manifold'],
    ['NCALoss', 'nca'],
    ['P2SGradLoss', 'p2s-grad'],
    ['PNPLoss', 'pnp'],
    ['RankedListLoss', 'ranked-list'],
    ['SignalToNoiseRatioContrastiveLoss', 'snr-contrastive'],
    ['SmoothAPLoss', 'smooth-ap'],
    ['TupletMarginLoss', 'tuplet-margin'],
    ['circle_loss', 'circle'],
    ['CircleLoss', 'circle'],
    ['ContrastiveLoss', 'contrastive'],
    ['CrossBatchMemory', 'cross-batch-memory'],
    ['XBM', 'cross-batch-memory'],
    ['xbm_loss', 'cross-batch-memory'],
    ['GeneralizedLiftedStructureLoss', 'generalized-lifted-structure'],
    ['LiftedStructLoss', 'lifted-structure'],
    ['lifted_struct_loss', 'lifted-structure'],
    ['LiftedStructureLoss', 'lifted-structure'],
    ['InstanceLoss', 'instance'],
    ['MatryoshkaLoss', 'matryoshka'],
    ['MultipleLosses', 'multiple-losses'],
    ['ThresholdConsistentMarginLoss', 'threshold-consistent-margin'],
    ['MarginLoss', 'margin'],
    ['multineg_rank_loss', 'multiple-negatives-ranking'],
    ['MultiNegativesRankLoss', 'multiple-negatives-ranking'],
    ['NPairsLoss', 'n-pairs'],
    ['pn_loss', 'pn'],
    ['PNLoss', 'pn'],
    ['soft_nn_loss', 'soft-nearest-neighbor'],
    ['SoftNearestNeighborLoss', 'soft-nearest-neighbor'],
    ['SupConLoss', 'sup-con'],
    ['multisim_loss', 'multi-similarity'],
    ['MultiSimilarityLoss', 'multi-similarity'],
    ['triplet_loss', 'triplet-margin'],
    ['TripletLoss', 'triplet-margin'],
    ['TripletMarginLoss', 'triplet-margin'],
  ])('knows %s as %s', (alias, id) => {
    expect(registry.loss(alias, NEEDED[id] ?? {}).name).toBe(id);
  });

  test('offers every loss over two views under its name', () => {
    expect(registry.ids('viewLosses')).toEqual([...OVER_VIEWS].sort());
    for (const id of OVER_VIEWS) {
      const loss = registry.viewLoss(id, NEEDED[id] ?? {});
      expect(loss.name).toBe(id);
      loss.dispose?.();
    }
  });

  test.each([
    ['simclr_loss', 'nt-xent'],
    ['SimCLR', 'nt-xent'],
    ['SimCLRLoss', 'nt-xent'],
    ['NTXent', 'nt-xent'],
    ['simsiam_loss', 'sim-siam'],
    ['SimSiamLoss', 'sim-siam'],
    ['SelfSupervisedLoss', 'self-supervised'],
    ['Barlow', 'barlow-twins'],
    ['vicreg_loss', 'vic-reg'],
    ['VICRegLoss', 'vic-reg'],
    ['VicReg', 'vic-reg'],
    ['SigLIP', 'sig-lip'],
  ])('knows %s as %s', (alias, id) => {
    expect(registry.viewLoss(alias, NEEDED[id] ?? {}).name).toBe(id);
  });

  test('says what a loss with weights needs', () => {
    expect(() => registry.loss('normalized-softmax')).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: normalized-softmax: classes must be a whole number of at least 2. Say how many classes there are; labels run from 0 to one less. [ERR_OPTION]]`,
    );
  });

  test('passes options on', () => {
    expect(registry.loss('triplet-margin', { margin: 0.7 }).options).toMatchObject({ margin: 0.7 });
  });
});
