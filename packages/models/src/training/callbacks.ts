import type { Tensor } from '@tensorflow/tfjs-core';
import type { CustomCallbackArgs, LayersModel } from '@tensorflow/tfjs-layers';
import type { TrainingMetric } from '../options.ts';

/** Numbers by name; a callback may add to those of an epoch. */
export type Logs = Record<string, number>;

/** A callback of tfjs-layers (`tf.callbacks.earlyStopping()`, a subclass of `tf.Callback`), or an object with some of its methods. */
export type TrainingCallback = (CustomCallbackArgs | CallbackInstance) & {
  /** Watched while training and given to it in the logs of each batch, like those of `compile`. Default none. */
  readonly metrics?: readonly TrainingMetric[];
};

/** The part of the `Callback` class of tfjs-layers that training calls. */
export interface CallbackInstance {
  setParams(params: Record<string, number | string | boolean>): void;
  setModel(model: LayersModel): void;
  onTrainBegin(logs?: Logs): Promise<void>;
  onTrainEnd(logs?: Logs): Promise<void>;
  onEpochBegin(epoch: number, logs?: Logs): Promise<void>;
  onEpochEnd(epoch: number, logs?: Logs): Promise<void>;
  onBatchBegin(batch: number, logs?: Logs): Promise<void>;
  onBatchEnd(batch: number, logs?: Logs): Promise<void>;
  validationData?: Tensor | Tensor[];
}

/** What `onStep` is told. */
export interface TrainingStep {
  /** From 0. */
  readonly epoch: number;
  /** From 0, over all epochs. */
  readonly step: number;
  /** Steps in all, when every epoch is full. */
  readonly steps: number;
  readonly loss: number;
  /** Rate of this step, when a schedule set it. */
  readonly learningRate?: number;
  /** Time of this step, the making of its batch included. */
  readonly milliseconds: number;
  /** At the pace of the last steps. */
  readonly secondsLeft: number;
}

/** Calls every callback in order, each awaited, whichever kind it is. */
export interface CallbackList {
  begin(params: Record<string, number | string | boolean>): Promise<void>;
  end(): Promise<void>;
  epochBegin(epoch: number): Promise<void>;
  epochEnd(epoch: number, logs: Logs): Promise<void>;
  batchBegin(batch: number, logs: Logs): Promise<void>;
  batchEnd(batch: number, logs: Logs): Promise<void>;
  /** After the event loop had its turn. */
  yielded(epoch: number, batch: number, logs: Logs): Promise<void>;
}

export function callbackList(
  given: TrainingCallback | readonly TrainingCallback[] | undefined,
  layers: LayersModel,
): CallbackList {
  const list = listOf(given) as (CallbackInstance & CustomCallbackArgs)[];
  return {
    begin: async (params) => {
      for (const callback of list) {
        callback.setParams?.(params);
        callback.setModel?.(layers);
      }
      for (const callback of list) await callback.onTrainBegin?.({});
    },
    end: async () => {
      for (const callback of list) await callback.onTrainEnd?.({});
    },
    epochBegin: async (epoch) => {
      for (const callback of list) await callback.onEpochBegin?.(epoch, {});
    },
    epochEnd: async (epoch, logs) => {
      for (const callback of list) await callback.onEpochEnd?.(epoch, logs);
    },
    batchBegin: async (batch, logs) => {
      for (const callback of list) await callback.onBatchBegin?.(batch, logs);
    },
    batchEnd: async (batch, logs) => {
      for (const callback of list) await callback.onBatchEnd?.(batch, logs);
    },
    yielded: async (epoch, batch, logs) => {
      for (const callback of list) await callback.onYield?.(epoch, batch, logs);
    },
  };
}

/** What the callbacks want watched. */
export const callbackMetrics = (given: Parameters<typeof callbackList>[0]): TrainingMetric[] =>
  listOf(given).flatMap((callback) => callback.metrics ?? []);

const listOf = (given: Parameters<typeof callbackList>[0]): readonly TrainingCallback[] =>
  given === undefined ? [] : ([given].flat() as TrainingCallback[]);
