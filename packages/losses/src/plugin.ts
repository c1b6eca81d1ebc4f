import { definePlugin, type Plugin } from '@simile/core';
import { angular } from './angular.ts';
import { arcFace } from './arc-face.ts';
import { barlowTwins } from './barlow-twins.ts';
import { byol } from './byol.ts';
import { centroidTriplet } from './centroid-triplet.ts';
import { circle } from './circle.ts';
import { clip } from './clip.ts';
import { contrastive } from './contrastive.ts';
import { cosFace } from './cos-face.ts';
import { crossBatchMemory } from './cross-batch-memory.ts';
import { dino } from './dino.ts';
import { dynamicSoftMargin } from './dynamic-soft-margin.ts';
import { fastAp } from './fast-ap.ts';
import { generalizedLiftedStructure } from './generalized-lifted-structure.ts';
import { histogram } from './histogram.ts';
import { instance } from './instance.ts';
import { intraPairVariance } from './intra-pair-variance.ts';
import { largeMarginSoftmax } from './large-margin-softmax.ts';
import { liftedStructure } from './lifted-structure.ts';
import { manifold } from './manifold.ts';
import { margin } from './margin.ts';
import { matryoshka } from './matryoshka.ts';
import { multiSimilarity } from './multi-similarity.ts';
import { multipleLosses } from './multiple-losses.ts';
import { multipleNegativesRanking } from './multiple-negatives-ranking.ts';
import { nPairs } from './n-pairs.ts';
import { nca } from './nca.ts';
import { normalizedSoftmax } from './normalized-softmax.ts';
import { ntXent } from './nt-xent.ts';
import { p2sGrad } from './p2s-grad.ts';
import { pn } from './pn.ts';
import { pnp } from './pnp.ts';
import { proxyAnchor } from './proxy-anchor.ts';
import { proxyNca } from './proxy-nca.ts';
import { rankedList } from './ranked-list.ts';
import { regularized } from './regularized.ts';
import { selfSupervised } from './self-supervised.ts';
import { sigLip } from './sig-lip.ts';
import { simSiam } from './sim-siam.ts';
import { smoothAp } from './smooth-ap.ts';
import { snrContrastive } from './snr-contrastive.ts';
import { softNearestNeighbor } from './soft-nearest-neighbor.ts';
import { softTriple } from './soft-triple.ts';
import { sphereFace } from './sphere-face.ts';
import { subCenterArcFace } from './sub-center-arc-face.ts';
import { supCon } from './sup-con.ts';
import { thresholdConsistentMargin } from './threshold-consistent-margin.ts';
import { tripletMargin } from './triplet-margin.ts';
import { tupletMargin } from './tuplet-margin.ts';
import { twoViews } from './two-views.ts';
import { vicReg } from './vic-reg.ts';

/** The losses of this package by id, and by the names that other libraries know them under. */
const plugin: Plugin = definePlugin({
  spec: 1,
  name: '@simile/losses',
  losses: {
    angular,
    'arc-face': arcFace,
    'centroid-triplet': centroidTriplet,
    circle,
    contrastive,
    'cos-face': cosFace,
    'cross-batch-memory': crossBatchMemory,
    'dynamic-soft-margin': dynamicSoftMargin,
    'fast-ap': fastAp,
    'generalized-lifted-structure': generalizedLiftedStructure,
    histogram,
    instance,
    'intra-pair-variance': intraPairVariance,
    'large-margin-softmax': largeMarginSoftmax,
    'lifted-structure': liftedStructure,
    manifold,
    margin,
    matryoshka,
    'multi-similarity': multiSimilarity,
    'multiple-losses': multipleLosses,
    'multiple-negatives-ranking': multipleNegativesRanking,
    'n-pairs': nPairs,
    nca,
    'normalized-softmax': normalizedSoftmax,
    'p2s-grad': p2sGrad,
    pn,
    pnp,
    'proxy-anchor': proxyAnchor,
    'proxy-nca': proxyNca,
    'ranked-list': rankedList,
    regularized,
    'smooth-ap': smoothAp,
    'snr-contrastive': snrContrastive,
    'soft-nearest-neighbor': softNearestNeighbor,
    'soft-triple': softTriple,
    'sphere-face': sphereFace,
    'sub-center-arc-face': subCenterArcFace,
    'sup-con': supCon,
    'threshold-consistent-margin': thresholdConsistentMargin,
    'triplet-margin': tripletMargin,
    'tuplet-margin': tupletMargin,
    'two-views': twoViews,
  },
  viewLosses: {
    'barlow-twins': barlowTwins,
    byol,
    clip,
    dino,
    'nt-xent': ntXent,
    'self-supervised': selfSupervised,
    'sig-lip': sigLip,
    'sim-siam': simSiam,
    'vic-reg': vicReg,
  },
  aliases: {
    angularloss: 'angular',
    arcface: 'arc-face',
    arcfaceloss: 'arc-face',
    barlow: 'barlow-twins',
    barlowtwins: 'barlow-twins',
    centroidtripletloss: 'centroid-triplet',
    circle_loss: 'circle',
    circleloss: 'circle',
    contrastive_loss: 'contrastive',
    contrastiveloss: 'contrastive',
    cosface: 'cos-face',
    cosfaceloss: 'cos-face',
    crossbatchmemory: 'cross-batch-memory',
    dynamicsoftmarginloss: 'dynamic-soft-margin',
    fastaploss: 'fast-ap',
    generalizedliftedstructureloss: 'generalized-lifted-structure',
    histogramloss: 'histogram',
    instanceloss: 'instance',
    intrapairvarianceloss: 'intra-pair-variance',
    largemarginsoftmax: 'large-margin-softmax',
    largemarginsoftmaxloss: 'large-margin-softmax',
    lifted_struct_loss: 'lifted-structure',
    liftedstructloss: 'lifted-structure',
    liftedstructureloss: 'lifted-structure',
    manifoldloss: 'manifold',
    margin_loss: 'margin',
    marginloss: 'margin',
    matryoshka_loss: 'matryoshka',
    matryoshkaloss: 'matryoshka',
    multi_similarity: 'multi-similarity',
    multineg_rank_loss: 'multiple-negatives-ranking',
    multinegativesrankloss: 'multiple-negatives-ranking',
    multiplelosses: 'multiple-losses',
    multiplenegativesrankingloss: 'multiple-negatives-ranking',
    multisim: 'multi-similarity',
    multisim_loss: 'multi-similarity',
    multisimilarity: 'multi-similarity',
    multisimilarityloss: 'multi-similarity',
    ncaloss: 'nca',
    normalizedsoftmaxloss: 'normalized-softmax',
    npairs: 'n-pairs',
    npairsloss: 'n-pairs',
    ntxent: 'nt-xent',
    p2sgradloss: 'p2s-grad',
    pn_loss: 'pn',
    pnloss: 'pn',
    pnploss: 'pnp',
    proxyanchor: 'proxy-anchor',
    proxyanchorloss: 'proxy-anchor',
    proxynca: 'proxy-nca',
    proxyncaloss: 'proxy-nca',
    rankedlistloss: 'ranked-list',
    selfsupervisedloss: 'self-supervised',
    siglip: 'sig-lip',
    signaltonoiseratiocontrastiveloss: 'snr-contrastive',
    simclr: 'nt-xent',
    simclr_loss: 'nt-xent',
    simclrloss: 'nt-xent',
    simsiam: 'sim-siam',
    simsiam_loss: 'sim-siam',
    simsiamloss: 'sim-siam',
    smoothaploss: 'smooth-ap',
    soft_nn_loss: 'soft-nearest-neighbor',
    softnearestneighborloss: 'soft-nearest-neighbor',
    softtriple: 'soft-triple',
    softtripleloss: 'soft-triple',
    sphereface: 'sphere-face',
    spherefaceloss: 'sphere-face',
    subcenterarcface: 'sub-center-arc-face',
    subcenterarcfaceloss: 'sub-center-arc-face',
    supcon: 'sup-con',
    supcon_loss: 'sup-con',
    supconloss: 'sup-con',
    thresholdconsistentmarginloss: 'threshold-consistent-margin',
    triplet: 'triplet-margin',
    triplet_loss: 'triplet-margin',
    triplet_margin: 'triplet-margin',
    tripletloss: 'triplet-margin',
    tripletmargin: 'triplet-margin',
    tripletmarginloss: 'triplet-margin',
    tupletmarginloss: 'tuplet-margin',
    vicreg: 'vic-reg',
    vicreg_loss: 'vic-reg',
    vicregloss: 'vic-reg',
    xbm: 'cross-batch-memory',
    xbm_loss: 'cross-batch-memory',
  },
});

export default plugin;
