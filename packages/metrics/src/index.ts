export { calibrate, type LabelledNeighbors } from './calibrate.ts';
export { calibrationFromJson, calibrationToJson } from './calibration-json.ts';
export type {
  CalibrateOptions,
  Calibration,
  CalibrationCurve,
  ClassificationMetricId,
  Cutpoint,
  MatcherId,
} from './calibration.ts';
export {
  binaryAccuracy,
  classificationMetric,
  f1Score,
  falsePositiveRate,
  negativePredictiveValue,
  precision,
  recall,
  type ClassificationMetric,
  type MatchCounts,
} from './classification-metrics.ts';
export { confusionMatrix, type ConfusionMatrix } from './confusion-matrix.ts';
export { countMatches } from './count-matches.ts';
export { mapAtR } from './map-at-r.ts';
export { matchMajorityVote, matchNearest, matcher, type DerivedMatches, type Matcher } from './matchers.ts';
export type { ClassLabel, NeighborTable } from './neighbor-table.ts';
export { precisionAtK } from './precision-at-k.ts';
export { rPrecision } from './r-precision.ts';
export type { RankedNeighbors, RankingOptions } from './ranked-neighbors.ts';
export { recallAtK } from './recall-at-k.ts';
export { retrieval, type RetrievalOptions, type RetrievalReport, type RowDistance } from './retrieval.ts';
