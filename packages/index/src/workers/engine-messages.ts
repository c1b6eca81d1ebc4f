import { SimileError, type ErrorCode } from '@simile/core/errors';
import type { EngineHits, EngineStateRows, Json, Progress, SearchEffort } from '../contract.ts';

/** What an engine in a worker is asked. Everything in it can be cloned or transferred. */
export type EngineRequest =
  | {
      readonly call: 'make';
      readonly engine: string | undefined;
      readonly options: unknown;
      readonly dimension: number;
      readonly metric: string;
      readonly restore: StoredMessage | undefined;
      readonly slots: Uint32Array | undefined;
    }
  | { readonly call: 'reserve'; readonly count: number }
  | { readonly call: 'set'; readonly slots: Uint32Array; readonly rows: Float32Array }
  | { readonly call: 'remove' | 'rows'; readonly slots: Uint32Array }
  | {
      readonly call: 'search';
      readonly exact: boolean;
      readonly queries: Float32Array;
      readonly k: number;
      readonly radius: number;
      readonly allowed: Uint32Array | undefined;
      readonly effort: number | undefined;
      readonly places: SlotPlaces | undefined;
    }
  | { readonly call: 'clear' | 'compact' | 'close' }
  | { readonly call: 'state'; readonly effort: number | undefined };

/** A `StoredEngineState` whose sections are read through the owner. */
export interface StoredMessage {
  readonly kind: string;
  readonly version: number;
  readonly meta: Json;
  readonly sizes: ReadonlyMap<string, number>;
}

/** Places in the order of adding, of slots where they have changed. */
export interface SlotPlaces {
  readonly slots: Uint32Array;
  readonly places: Float64Array;
}

/** To the worker: a request, word that it is not wanted any more, or a section that the engine asked for. */
export type ToWorker =
  | { readonly id: number; readonly request: EngineRequest }
  | { readonly id: number; readonly abort: true }
  | { readonly id: number; readonly need: number; readonly section: Uint8Array }
  | { readonly id: number; readonly need: number; readonly sectionError: ErrorMessage };

/** From the worker: the result with what the engine is like now, an error, progress, or a section that it needs. */
export type FromWorker =
  | { readonly id: number; readonly result: EngineResult; readonly status: EngineStatus }
  | { readonly id: number; readonly error: ErrorMessage }
  | { readonly id: number; readonly progress: Progress }
  | { readonly id: number; readonly need: number; readonly section: string };

export type EngineResult = EngineHits | Float32Array | StateMessage | undefined;

/** An `EngineState` whose sections were copied. */
export interface StateMessage {
  readonly kind: string;
  readonly version: number;
  readonly meta: Json;
  readonly sections: ReadonlyMap<string, Uint8Array>;
  readonly rows: EngineStateRows | undefined;
}

/** What the owner tells of an engine without asking. */
export interface EngineStatus {
  readonly name: string;
  readonly size: number;
  readonly bytes: number;
  readonly effort: SearchEffort | undefined;
  readonly hasExact: boolean;
  readonly hasCompact: boolean;
  readonly hasState: boolean;
}

/** An error as it travels. */
export interface ErrorMessage {
  readonly message: string;
  readonly where?: string;
  readonly code?: ErrorCode;
}

export function errorMessage(error: unknown): ErrorMessage {
  if (SimileError.is(error)) return { message: error.message, where: error.where, code: error.code };
  return { message: String((error as Error | undefined)?.message ?? error) };
}

/** The error that a message tells of, the same text. */
export function errorOf({ message, where, code }: ErrorMessage): Error {
  if (where === undefined || code === undefined) return new Error(message);
  const error = new SimileError({ where, rule: '', remedy: '', code });
  error.message = message;
  return error;
}

/** The buffers of what is in a message and nobody needs here any more. */
export function buffersOf(message: object): ArrayBuffer[] {
  const parts = ArrayBuffer.isView(message) ? [message] : Object.values(message);
  const views = parts.flatMap((part: unknown) =>
    part instanceof Map ? [...(part.values() as Iterable<unknown>)] : [part],
  );
  const buffers = views.flatMap((view) => (ArrayBuffer.isView(view) ? [view.buffer] : []));
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
