import { definePlugin, type Plugin } from '@simile/core';
import { arcFace } from './arc-face.ts';
import { cosFace } from './cos-face.ts';
import { largeMarginSoftmax } from './large-margin-softmax.ts';
import { multiSimilarity } from './multi-similarity.ts';
import { normalizedSoftmax } from './normalized-softmax.ts';
import { proxyAnchor } from './proxy-anchor.ts';
import { proxyNca } from './proxy-nca.ts';
import { softTriple } from './soft-triple.ts';
import { sphereFace } from './sphere-face.ts';
import { subCenterArcFace } from './sub-center-arc-face.ts';
import { tripletMargin } from './triplet-margin.ts';

/** The losses of this package by id, and by the names that other libraries know them under. */
const plugin: Plugin = definePlugin({
  spec: 1,
  name: '@simile/losses',
  losses: {
    'arc-face': arcFace,
    'cos-face': cosFace,
    'large-margin-softmax': largeMarginSoftmax,
    'multi-similarity': multiSimilarity,
    'normalized-softmax': normalizedSoftmax,
    'proxy-anchor': proxyAnchor,
    'proxy-nca': proxyNca,
    'soft-triple': softTriple,
    'sphere-face': sphereFace,
    'sub-center-arc-face': subCenterArcFace,
    'triplet-margin': tripletMargin,
  },
  aliases: {
    arcface: 'arc-face',
    arcfaceloss: 'arc-face',
    cosface: 'cos-face',
    cosfaceloss: 'cos-face',
    largemarginsoftmax: 'large-margin-softmax',
    largemarginsoftmaxloss: 'large-margin-softmax',
    multisim_loss: 'multi-similarity',
    multisim: 'multi-similarity',
    multisimilarity: 'multi-similarity',
    multisimilarityloss: 'multi-similarity',
    multi_similarity: 'multi-similarity',
    normalizedsoftmaxloss: 'normalized-softmax',
    proxyanchor: 'proxy-anchor',
    proxyanchorloss: 'proxy-anchor',
    proxynca: 'proxy-nca',
    proxyncaloss: 'proxy-nca',
    softtriple: 'soft-triple',
    softtripleloss: 'soft-triple',
    sphereface: 'sphere-face',
    spherefaceloss: 'sphere-face',
    subcenterarcface: 'sub-center-arc-face',
    subcenterarcfaceloss: 'sub-center-arc-face',
    triplet: 'triplet-margin',
    triplet_loss: 'triplet-margin',
    tripletloss: 'triplet-margin',
    tripletmargin: 'triplet-margin',
    tripletmarginloss: 'triplet-margin',
    triplet_margin: 'triplet-margin',
  },
});

export default plugin;
