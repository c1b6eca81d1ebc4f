// What of the recorded units Simile has. A unit that is not here is reported as not covered.
import { NotCovered, type Runner, type Unit } from './runner.ts';
import { logSumExp, maskedExtreme, masks, mined } from './units/algebra.ts';
import { pytorchMatrix, tensorFlowMatrix } from './units/distances.ts';
import {
  pytorchArcFace,
  pytorchCosFace,
  pytorchLargeMarginSoftmax,
  pytorchNormalizedSoftmax,
  pytorchProxyAnchor,
  pytorchProxyNca,
  pytorchSoftTriple,
  pytorchSphereFace,
  pytorchSubCenterArcFace,
} from './units/class-losses.ts';
import {
  paperCentroidTriplet,
  paperSmoothAp,
  pytorchAngular,
  pytorchDynamicSoftMargin,
  pytorchFastAp,
  pytorchHistogram,
  pytorchIntraPairVariance,
  pytorchManifold,
  pytorchNca,
  pytorchP2sGrad,
  pytorchPnp,
  pytorchRankedList,
  pytorchSmoothAp,
  pytorchSnrContrastive,
  pytorchTupletMargin,
} from './units/list-losses.ts';
import { embeddingLayer } from './units/layers.ts';
import {
  pytorchMultiSimilarity,
  pytorchTriplet,
  tensorFlowMultiSimilarity,
  tensorFlowTriplet,
} from './units/losses.ts';
import { accuracy, calibration, classification, matching, ranked } from './units/metrics.ts';
import { warmupCosine } from './units/schedules.ts';
import {
  pytorchMargin,
  pytorchMemory,
  pytorchNPairs,
  pytorchOfPairs,
  pytorchOfRows,
  tensorFlowCircle,
  tensorFlowLifted,
  tensorFlowMemory,
  tensorFlowMultipleNegatives,
  tensorFlowPn,
  tensorFlowSoftNearestNeighbor,
} from './units/pair-losses.ts';
import { pytorchDistanceWeighted, pytorchMiner, pytorchUniformHistogram } from './units/miners.ts';
import { pytorchReduction } from './units/reducers.ts';
import { pytorchRegularizer } from './units/regularizers.ts';
import { search } from './units/search.ts';
import {
  paperBarlow,
  paperByol,
  paperClip,
  paperDino,
  paperSiglip,
  paperSimclr,
  paperSimsiam,
  paperVicreg,
  pytorchSelfSupervised,
  pytorchVicreg,
  tensorFlowBarlow,
  tensorFlowSimclr,
  tensorFlowSimsiam,
  tensorFlowVicreg,
} from './units/view-losses.ts';
import {
  paperMatryoshka,
  pytorchInstance,
  pytorchMultiple,
  pytorchThresholdConsistentMargin,
} from './units/wrapped-losses.ts';

const onTensors = (run: Runner): Unit => ({ run, tensors: true });
const onNumbers = (run: Runner): Unit => ({ run, tensors: false });

/** Names of units, or beginnings of names that end in a slash. */
const table: Readonly<Record<string, Unit>> = {
  // golden/tfsim
  'algebra/masks': onTensors(masks),
  'algebra/masked-max': onTensors(maskedExtreme),
  'algebra/masked-min': onTensors(maskedExtreme),
  'algebra/logsumexp1': onTensors(logSumExp),
  'mining/': onTensors(mined),
  'distance/': onTensors(tensorFlowMatrix),
  'loss/triplet': onTensors(tensorFlowTriplet),
  'loss/multisim': onTensors(tensorFlowMultiSimilarity),
  'loss/circle': onTensors(tensorFlowCircle),
  'loss/lifted': onTensors(tensorFlowLifted),
  'loss/multinegatives': onTensors(tensorFlowMultipleNegatives),
  'loss/pn': onTensors(tensorFlowPn),
  'loss/softnn': onTensors(tensorFlowSoftNearestNeighbor),
  'loss/barlow': onTensors(tensorFlowBarlow),
  'loss/simclr': onTensors(tensorFlowSimclr),
  'loss/simsiam': onTensors(tensorFlowSimsiam),
  'loss/vicreg': onTensors(tensorFlowVicreg),
  'loss/xbm-circle': onTensors(tensorFlowMemory),
  'loss/xbm-multisim': onTensors(tensorFlowMemory),
  'loss/xbm-pn': onTensors(tensorFlowMemory),
  'loss/xbm-softnn': onTensors(tensorFlowMemory),
  'loss/xbm-triplet': onTensors(tensorFlowMemory),
  'layer/metricEmbedding': onTensors(embeddingLayer),
  'classification/': onNumbers(classification),
  'matcher/': onNumbers(matching),
  calibration: onNumbers(calibration),
  'retrieval/': onNumbers(ranked),
  'search/': onNumbers(search),
  // golden/pml
  'distance/CosineSimilarity': onTensors(pytorchMatrix),
  'distance/DotProductSimilarity': onTensors(pytorchMatrix),
  'distance/LpDistance': onTensors(pytorchMatrix),
  'distance/SNRDistance': onTensors(pytorchMatrix),
  'loss/TripletMarginLoss': onTensors(pytorchTriplet),
  'loss/MultiSimilarityLoss': onTensors(pytorchMultiSimilarity),
  'loss/CircleLoss': onTensors(pytorchOfRows),
  'loss/ContrastiveLoss': onTensors(pytorchOfPairs),
  'loss/CrossBatchMemory': onTensors(pytorchMemory),
  'loss/GeneralizedLiftedStructureLoss': onTensors(pytorchOfRows),
  'loss/LiftedStructureLoss': onTensors(pytorchOfPairs),
  'loss/MarginLoss': onTensors(pytorchMargin),
  'loss/NPairsLoss': onTensors(pytorchNPairs),
  'loss/NTXentLoss': onTensors(pytorchOfPairs),
  'loss/SupConLoss': onTensors(pytorchOfRows),
  'loss/IntraPairVarianceLoss': onTensors(pytorchIntraPairVariance),
  'loss/NCALoss': onTensors(pytorchNca),
  'loss/AngularLoss': onTensors(pytorchAngular),
  'loss/DynamicSoftMarginLoss': onTensors(pytorchDynamicSoftMargin),
  'loss/ManifoldLoss': onTensors(pytorchManifold),
  'loss/FastAPLoss': onTensors(pytorchFastAp),
  'loss/HistogramLoss': onTensors(pytorchHistogram),
  'loss/PNPLoss': onTensors(pytorchPnp),
  'loss/SmoothAPLoss': onTensors(pytorchSmoothAp),
  'loss/SignalToNoiseRatioContrastiveLoss': onTensors(pytorchSnrContrastive),
  'loss/P2SGradLoss': onTensors(pytorchP2sGrad),
  'loss/RankedListLoss': onTensors(pytorchRankedList),
  'loss/TupletMarginLoss': onTensors(pytorchTupletMargin),
  'loss/ArcFaceLoss': onTensors(pytorchArcFace),
  'loss/CosFaceLoss': onTensors(pytorchCosFace),
  'loss/LargeMarginSoftmaxLoss': onTensors(pytorchLargeMarginSoftmax),
  'loss/NormalizedSoftmaxLoss': onTensors(pytorchNormalizedSoftmax),
  'loss/ProxyAnchorLoss': onTensors(pytorchProxyAnchor),
  'loss/ProxyNCALoss': onTensors(pytorchProxyNca),
  'loss/SoftTripleLoss': onTensors(pytorchSoftTriple),
  'loss/SphereFaceLoss': onTensors(pytorchSphereFace),
  'loss/SubCenterArcFaceLoss': onTensors(pytorchSubCenterArcFace),
  'loss/InstanceLoss': onTensors(pytorchInstance),
  'loss/MultipleLosses': onTensors(pytorchMultiple),
  'loss/SelfSupervisedLoss': onTensors(pytorchSelfSupervised),
  'loss/ThresholdConsistentMarginLoss': onTensors(pytorchThresholdConsistentMargin),
  'loss/VICRegLoss': onTensors(pytorchVicreg),
  'reducer/': onTensors(pytorchReduction),
  'regularizer/': onTensors(pytorchRegularizer),
  'miner/': onTensors(pytorchMiner),
  'miner/DistanceWeightedMiner': onTensors(pytorchDistanceWeighted),
  'miner/UniformHistogramMiner': onTensors(pytorchUniformHistogram),
  // golden/papers
  'paper/BYOL': onTensors(paperByol),
  'paper/BarlowTwins': onTensors(paperBarlow),
  'paper/CLIP': onTensors(paperClip),
  'paper/DINO': onTensors(paperDino),
  'paper/Matryoshka': onTensors(paperMatryoshka),
  'paper/SigLIP': onTensors(paperSiglip),
  'paper/SimCLR': onTensors(paperSimclr),
  'paper/SimSiam': onTensors(paperSimsiam),
  'paper/VICReg': onTensors(paperVicreg),
  accuracy: onNumbers(accuracy),
  'schedule/warmupCosine': onNumbers(warmupCosine),
  // golden/papers
  'paper/CentroidTriplet': onTensors(paperCentroidTriplet),
  'paper/SmoothAP': onTensors(paperSmoothAp),
};

/** @throws {NotCovered} for a unit that the table lacks */
export function unitOf(name: string): Unit {
  const found = table[name] ?? table[`${name.split('/')[0]}/`];
  if (!found) throw new NotCovered(name);
  return found;
}
