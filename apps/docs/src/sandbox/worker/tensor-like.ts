/** A tensor of tfjs, whichever copy made it. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<unknown>;
  data(): Promise<ArrayLike<unknown>>;
}

export function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== 'object' || value === null) return false;
  const { shape, dtype, dataSync, data } = value as Partial<TensorLike>;
  return (
    Array.isArray(shape) && typeof dtype === 'string' && typeof dataSync === 'function' && typeof data === 'function'
  );
}

/** What the worker reads of tfjs's engine, of which there is one in a realm. */
export interface TensorEngine {
  readonly backendName: string;
  readonly registryFactory: Readonly<Record<string, unknown>>;
  /** Asking the engine itself would start a backend. */
  readonly state: { readonly numTensors: number; readonly numBytes: number };
}

declare global {
  // tfjs-core puts it there when it comes.
  var _tfengine: TensorEngine | undefined;
}
