import type { Batch } from '@simile/core';
import { dispose, type Optimizer } from '@tensorflow/tfjs-core';
import type { FitOptions } from '../options.ts';
import { checkBatch, checkClasses } from './batches.ts';
import { makeBreaks } from './breaks.ts';
import type { CallbackList } from './callbacks.ts';
import type { FitParts } from './fit.ts';
import type { Progress, StepPlace } from './progress.ts';
import { startStep, type StartedStep } from './step.ts';

/** Runs steps one after the other, and tells who wants to know. */
export interface Runner {
  /** Checks a batch, starts its step, and reports what is done. The batch is the runner's to dispose of. */
  run(batch: Batch, place: StepPlace): Promise<void>;
  /** Waits for the step under way and reports it. */
  finish(): Promise<void>;
}

interface Underway {
  readonly started: StartedStep;
  readonly place: StepPlace;
  readonly batch: Batch;
}

/** Where numbers can be read at once a step is reported when it is done; on a GPU, when the next one has been started. */
export function makeRunner(
  where: string,
  parts: FitParts,
  { callbacks, progress, onStep }: { callbacks: CallbackList; progress: Progress; onStep: FitOptions['onStep'] },
): Runner {
  const { loss, optimizer, itemShape } = parts;
  const takeBreak = makeBreaks();
  let underway: Underway | undefined;

  const start = async (batch: Batch, place: StepPlace): Promise<StartedStep> => {
    const at = `${where}, step ${place.step}`;
    try {
      checkBatch(at, batch, itemShape);
      await checkClasses(at, batch, loss);
      await callbacks.batchBegin(place.batch, { batch: place.batch, size: batch.x.shape[0]! });
      if (place.learningRate !== undefined) setLearningRate(optimizer, place.learningRate);
      parts.beforeStep();
      return await startStep(at, parts, batch);
    } catch (error) {
      dispose([batch.x, batch.labels]);
      throw error;
    }
  };
  const finish = async (): Promise<void> => {
    if (!underway) return;
    const { started, place, batch } = underway;
    underway = undefined;
    try {
      const { logs, told } = progress.report(place, batch.x.shape[0]!, await started.settle());
      await callbacks.batchEnd(place.batch, logs);
      onStep?.(told);
      if (await takeBreak()) await callbacks.yielded(place.epoch, place.batch, logs);
    } finally {
      dispose([batch.x, batch.labels]);
    }
  };
  return {
    finish,
    run: async (batch, place) => {
      const started = await start(batch, place);
      try {
        await finish(); // the step before
      } catch (error) {
        started.drop(); // built on weights that are no more
        dispose([batch.x, batch.labels]);
        throw error;
      }
      underway = { started, place, batch };
      if (started.done) await finish();
    },
  };
}

/** Optimizers of tfjs keep the rate in a field or, where they have one, behind a method. */
function setLearningRate(optimizer: Optimizer, rate: number): void {
  const open = optimizer as unknown as { setLearningRate?: (rate: number) => void; learningRate: number };
  if (open.setLearningRate) open.setLearningRate(rate);
  else open.learningRate = rate;
}
