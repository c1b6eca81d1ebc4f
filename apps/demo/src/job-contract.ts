import type { BackendReport } from '@simile/core/backend';
import type { Label, Match } from '@simile/index';
import type { Calibration } from '@simile/metrics';

/** One digit: 28 × 28 bytes, ink white on black. */
export interface Digit {
  readonly pixels: Uint8Array;
  readonly label: number;
}

/** The backend in use, and what became of the model that was there. */
export interface Started {
  readonly report: BackendReport;
  /** Records of the model that moved along; undefined when there was none. */
  readonly moved: number | undefined;
}

/** A step of the training as the page shows it. */
export interface StepNews {
  readonly step: number;
  readonly loss: number;
  readonly milliseconds: number;
  readonly secondsLeft: number;
}

/** Who hears of a training. */
export interface TrainingListener {
  step(news: StepNews): void;
  /** Told every few steps, so that it costs little. */
  embedded(records: Embedded): void;
}

/** What came of the training. */
export interface Trained {
  readonly steps: number;
  readonly stopped: boolean;
  readonly seconds: number;
}

/** Records as a map wants them. */
export interface Embedded {
  /** `[n × dimension]` */
  readonly values: Float32Array;
  readonly dimension: number;
  readonly labels: readonly Label[];
  /** `[n × 784]` bytes of the images. */
  readonly pixels: Uint8Array;
}

/** What indexing and calibrating is at. */
export type Stage = 'index' | 'calibrate' | 'match';

/** Test digits and what is nearest to them. */
export interface Tried {
  readonly truth: Int32Array;
  /** Of the nearest record. */
  readonly label: Int32Array;
  readonly distance: Float32Array;
}

/** What came of indexing and calibrating. */
export interface Indexed {
  readonly size: number;
  readonly dimension: number;
  readonly calibration: Calibration;
  readonly tried: Tried;
}

/** What was found for a drawing. */
export interface Found extends Match {
  readonly embedding: Float32Array;
  /** Of each neighbour, its place among the records of {@link Embedded}. */
  readonly rows: readonly number[];
}
