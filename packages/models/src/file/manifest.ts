import { SimileError } from '@simile/core/errors';

/** Kind and version of the container that a model is saved in. */
export const FILE_KIND = 'similarity-model';
export const FILE_VERSION = 1;

/** What a saved model says about itself. */
export interface ModelManifest {
  readonly network: 'layers' | 'graph' | 'function';
  readonly name: string;
  readonly seed: number | null;
  readonly metric: string;
  readonly dimension: number | null;
  readonly stale: boolean;
}

/** Something in a file that its checksums cannot know to be wrong. */
export function fileError(rule: string, got: unknown, remedy: string, cause?: unknown): SimileError {
  return new SimileError({ where: 'load-similarity-model', rule, got, remedy, code: 'ERR_FILE', cause });
}

/** A section of JSON. @throws `ERR_FILE` when it is none */
export function readJson(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw fileError(`section ${name} must be JSON`, undefined, 'Save the model again.', cause);
  }
}

/** The manifest, every member checked. @throws `ERR_FILE` */
export function readManifest(bytes: Uint8Array): ModelManifest {
  const manifest = readJson('manifest', bytes) as ModelManifest | null;
  const { network, name, seed, metric, dimension, stale } = manifest ?? ({} as ModelManifest);
  const whole = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;
  if (
    ['layers', 'graph', 'function'].includes(network) &&
    typeof name === 'string' &&
    (seed === null || whole(seed, 0)) &&
    typeof metric === 'string' &&
    (dimension === null || whole(dimension, 1)) &&
    typeof stale === 'boolean'
  ) {
    return { network, name, seed, metric, dimension, stale };
  }
  throw fileError(
    'the manifest must name network, seed, metric and dimension',
    JSON.stringify(manifest),
    'Save the model again.',
  );
}
