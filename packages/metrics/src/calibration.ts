/** Ids of the classification metrics; see `classificationMetric`. */
export type ClassificationMetricId =
  | 'precision'
  | 'recall'
  | 'f1'
  | 'binary-accuracy'
  | 'false-positive-rate'
  | 'negative-predictive-value';

/** Ids of the matchers; see `matcher`. */
export type MatcherId = 'match-nearest' | 'match-majority-vote';

/** A distance up to which a match is believed. */
export interface Cutpoint {
  readonly name: string;
  /** Largest distance still believed, in the unit of the distance; inclusive. */
  readonly distance: number;
  /** Value of the calibration metric at `distance`. */
  readonly value: number;
  /** Every computed metric at `distance`, by id. */
  readonly metrics: Readonly<Partial<Record<ClassificationMetricId, number>>>;
}

/** Values of each computed metric, by id, at each threshold. */
export interface CalibrationCurve {
  /** The distinct derived distances, ascending. */
  readonly thresholds: readonly number[];
  readonly [metric: string]: readonly number[];
}

/** What {@link calibrate} finds: plain data, as JSON by `calibrationToJson`. */
export interface Calibration {
  /** The metric that chose the cut-points. */
  readonly metric: ClassificationMetricId;
  /** Neighbours a query. */
  readonly k: number;
  readonly matcher: MatcherId;
  /** `optimal`, and one for each target that can be reached. */
  readonly cutpoints: Readonly<Record<string, Cutpoint>> & { readonly optimal: Cutpoint };
  readonly curve: CalibrationCurve;
}

/** Options of {@link calibrate}. */
export interface CalibrateOptions {
  /** Metric that chooses the cut-points, or another name of it (`f1_score`, `npv`). Default `f1`. */
  readonly metric?: string;
  /** Turns the neighbours of a query into one label and distance, or another name of it. Default `match-nearest`. */
  readonly matcher?: string;
  /** Values of the metric that must be kept, by name of the cut-point: `{ careful: 0.99 }`. Default none. */
  readonly targets?: Readonly<Record<string, number>>;
  /** Further metrics for the curve and the cut-points. Default `precision` and `recall`. */
  readonly extraMetrics?: readonly string[];
}
