import type { Sampler } from '@simile/core';
import { checkInteger } from '@simile/core/errors';
import type { FitOptions, TrainingHistory } from '../options.ts';
import { batchStream } from './batches.ts';
import { callbackList, callbackMetrics, type Logs } from './callbacks.ts';
import { checkMetrics } from './check-metrics.ts';
import { makeProgress } from './progress.ts';
import { makeRunner } from './runner.ts';
import type { StepParts } from './step.ts';
import { validate } from './validate.ts';

/** What {@link fit} trains, and on what. */
export interface FitParts extends StepParts {
  readonly itemShape: readonly (number | null)[];
  readonly sampler: Sampler;
  readonly validation: Sampler | undefined;
  /** Called before each step. */
  readonly beforeStep: () => void;
}

/**
 * The training loop. `LayersModel.fit` will not do: it refuses integer labels and knows nothing of samplers. Callbacks come
 * in its order: train begin, epoch begin, batch begin, batch end, epoch end, train end.
 */
export async function fit(where: string, parts: FitParts, options: FitOptions): Promise<TrainingHistory> {
  const { layers, sampler, validation } = parts;
  const { epochs = 1, stepsPerEpoch = sampler.stepsPerEpoch, signal, onStep, learningRateSchedule } = options;
  const { validationSteps = validation?.stepsPerEpoch ?? 1 } = options;
  checkInteger(where, { epochs, stepsPerEpoch, validationSteps }, 1);
  const metrics = [...parts.metrics, ...callbackMetrics(options.callbacks)];
  checkMetrics(where, metrics);
  const callbacks = callbackList(options.callbacks, layers);
  const progress = makeProgress(epochs * stepsPerEpoch, ['loss', ...metrics.map(({ name }) => name)]);
  const runner = makeRunner(where, { ...parts, metrics }, { callbacks, progress, onStep });
  const stream = batchStream(where, sampler);
  const history: Logs[] = [];
  let cancelled = false;
  const stopped = (): boolean => {
    cancelled ||= signal?.aborted ?? false;
    return cancelled || layers.stopTraining;
  };

  layers.stopTraining = false;
  let step = 0;
  try {
    await callbacks.begin({ epochs, steps: stepsPerEpoch, initialEpoch: 0, doValidation: validation !== undefined });
    for (let epoch = 0; epoch < epochs && !stopped(); epoch++) {
      await callbacks.epochBegin(epoch);
      progress.beginEpoch();
      for (let batch = 0; batch < stepsPerEpoch && !stopped(); batch++) {
        const next = await stream.next(batch === 0);
        if (!next) break; // the sampler ended early: so does the epoch
        const learningRate = learningRateSchedule?.(step);
        await runner.run(next, { epoch, step, batch, ...(learningRate !== undefined && { learningRate }) });
        step++;
      }
      await runner.finish();
      if (progress.stepsOfEpoch() === 0) break;
      const logs = progress.logsOfEpoch();
      if (validation && !cancelled) Object.assign(logs, await validate(where, parts, validation, validationSteps));
      await callbacks.epochEnd(epoch, logs);
      history.push(logs);
    }
    await callbacks.end();
  } catch (error) {
    await runner.finish(); // what an earlier step has to say comes first
    throw error;
  } finally {
    await stream.close();
  }
  return { epochs: history, losses: progress.losses, cancelled, milliseconds: progress.milliseconds() };
}
