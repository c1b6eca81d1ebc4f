import type { Logs, TrainingStep } from './callbacks.ts';
import type { StepValues } from './step.ts';

/** Which step it is. */
export interface StepPlace {
  readonly epoch: number;
  readonly step: number;
  readonly batch: number;
  readonly learningRate?: number;
}

/** Keeps count of what training did, and how long it took. */
export interface Progress {
  readonly losses: readonly number[];
  beginEpoch(): void;
  /** Takes a step's numbers; returns the logs of its batch and what `onStep` is told. */
  report(place: StepPlace, size: number, values: StepValues): { logs: Logs; told: TrainingStep };
  stepsOfEpoch(): number;
  /** Means over the steps of the epoch. */
  logsOfEpoch(): Logs;
  milliseconds(): number;
}

export function makeProgress(steps: number, names: readonly string[]): Progress {
  const began = performance.now();
  const losses: number[] = [];
  let last = began;
  let pace = 0; // milliseconds a step: the mean at first, later an average that forgets
  let totals: number[] = [];
  let count = 0;
  return {
    losses,
    beginEpoch: () => {
      totals = names.map(() => 0);
      count = 0;
    },
    report: ({ epoch, step, batch, learningRate }, size, { loss, metrics }) => {
      const now = performance.now();
      const milliseconds = now - last;
      last = now;
      losses.push(loss);
      pace += (milliseconds - pace) * Math.max(0.05, 1 / losses.length);
      const numbers = [loss, ...metrics];
      totals = totals.map((total, i) => total + numbers[i]!);
      count++;
      const logs = { batch, size, ...Object.fromEntries(names.map((name, i) => [name, numbers[i]!])) };
      const secondsLeft = (pace * (steps - step - 1)) / 1000;
      const rate = learningRate === undefined ? {} : { learningRate };
      return { logs, told: { epoch, step, steps, loss, ...rate, milliseconds, secondsLeft } };
    },
    stepsOfEpoch: () => count,
    logsOfEpoch: () => Object.fromEntries(names.map((name, i) => [name, totals[i]! / count])),
    milliseconds: () => performance.now() - began,
  };
}
