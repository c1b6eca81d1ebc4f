import { section, type Sections } from '@simile/core/container';
import type { Loss } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { dispose } from '@tensorflow/tfjs-core';
import { fileError, readJson } from './manifest.ts';
import {
  checkLength,
  packTensors,
  shapesOf,
  specsOf,
  unpackTensors,
  type NamedTensor,
  type WeightSpec,
} from './weights.ts';

/** Weights and state of a loss, as a file has them. */
export interface SavedLoss {
  /** Id of the loss. */
  readonly id: string;
  readonly specs: readonly WeightSpec[];
  readonly bytes: Uint8Array;
}

const DTYPES: readonly unknown[] = ['float32', 'int32', 'bool'];

/** What a loss owns; undefined where it owns nothing, or was disposed of. */
export async function saveLoss(loss: Loss): Promise<SavedLoss | undefined> {
  const owned = ownedBy(loss);
  if (owned.length === 0 || owned.some(({ value }) => value.isDisposed)) return undefined;
  return { id: loss.name, ...(await packTensors(owned)) };
}

/** Sections of a file: `loss` and `loss-weights`. */
export function packLoss({ id, specs, bytes }: SavedLoss): [string, Uint8Array][] {
  return [
    ['loss', new TextEncoder().encode(JSON.stringify({ id, weights: specs }))],
    ['loss-weights', bytes],
  ];
}

/** The loss in a file, if there is one. @throws `ERR_FILE` */
export function unpackLoss(file: Sections): SavedLoss | undefined {
  if (!file.sections.has('loss')) return undefined;
  const found = readJson('loss', section(file, 'loss')) as { id?: unknown; weights?: unknown } | null;
  const { id, weights } = found ?? {};
  if (typeof id !== 'string' || !Array.isArray(weights) || !weights.every(isSpec)) {
    throw fileError('section loss must name a loss and its weights', JSON.stringify(found), 'Save the model again.');
  }
  const bytes = section(file, 'loss-weights');
  checkLength('loss-weights', weights, bytes);
  return { id, specs: weights, bytes: bytes.slice() };
}

/**
 * Whether a loss takes what was saved: it has the same id. One of another id starts as it was made.
 *
 * @throws `ERR_SHAPE` for a loss of the same id with other weights
 */
export function takesSaved(where: string, loss: Loss, saved: SavedLoss | undefined): saved is SavedLoss {
  if (saved?.id !== loss.name) return false;
  const own = shapesOf(specsOf(ownedBy(loss)));
  if (own === shapesOf(saved.specs)) return true;
  throw new SimileError({
    where,
    rule: `${loss.name} must own ${shapesOf(saved.specs)}, as it did when the model was saved`,
    got: own,
    remedy: 'Make it with the options it had then, or pass restoreLoss: false to start it anew.',
    code: 'ERR_SHAPE',
  });
}

/** Puts what was saved into a loss that {@link takesSaved}. */
export function restoreLoss(loss: Loss, { specs, bytes }: SavedLoss): void {
  const tensors = unpackTensors(specs, bytes);
  [...(loss.variables ?? []), ...(loss.state ?? [])].forEach((variable, i) => void variable.assign(tensors[i]!));
  dispose(tensors);
}

function ownedBy({ variables = [], state = [] }: Loss): NamedTensor[] {
  const named = (list: typeof variables, kind: string): NamedTensor[] =>
    list.map((value, i) => ({ name: `${kind}[${i}]`, value }));
  return [...named(variables, 'variables'), ...named(state, 'state')];
}

function isSpec(spec: Partial<WeightSpec> | null): spec is WeightSpec {
  const { name, shape, dtype } = spec ?? {};
  const whole = (length: unknown): boolean => Number.isSafeInteger(length) && (length as number) >= 0;
  return typeof name === 'string' && Array.isArray(shape) && shape.every(whole) && DTYPES.includes(dtype);
}
