export type {
  CalibrateOptions,
  Calibration,
  CalibrationCurve,
  ClassificationMetricId,
  Cutpoint,
  MatcherId,
} from './calibration.ts';
