import { SimileError } from '@simile/core/errors';
import type { Json } from '../contract.ts';
import type { Fit } from './model-fit.ts';

/** What `writeState` writes: docs/formats.md. */
export const IVF_KIND = 'ivf';
export const IVF_VERSION = 1;

/** Of a model and its lists. */
export interface TrainedMeta {
  readonly partitions: number;
  readonly scale: number;
  readonly anisotropic: number;
  readonly fit: Fit;
  readonly biases: { readonly least: number; readonly most: number };
}

/** What stands in a state besides the sections. */
export interface IvfMeta {
  readonly metric: string;
  readonly dimension: number;
  readonly subspaceSize: number;
  /** Slots there are rows for. */
  readonly slots: number;
  /** Null to go by the number of partitions. */
  readonly probes: number | null;
  /** Null before training. */
  readonly trained: TrainedMeta | null;
}

/** Meta of a state, checked. @throws `ERR_FILE` */
export function readMeta(json: Json): IvfMeta {
  const meta = (json ?? {}) as unknown as Partial<IvfMeta>;
  const { slots, probes, trained } = meta;
  if (!isWhole(slots, 0, 2 ** 31)) throw damaged('slots must be a number of slots', slots);
  if (probes !== null && !isWhole(probes, 1, 65_536)) throw damaged('probes must be null or from 1 to 65,536', probes);
  if (trained === null) return meta as IvfMeta;
  const { partitions, scale, fit, biases } = trained ?? {};
  if (!isWhole(partitions, 1, 65_536)) throw damaged('partitions must be from 1 to 65,536', partitions);
  const numbers = [scale, fit?.rows, fit?.error, fit?.crowding, fit?.since?.rows, fit?.since?.error];
  if (!numbers.every((value) => isFiniteNumber(value) && value >= 0))
    throw damaged('scale and fit must be numbers from 0');
  if (!isFiniteNumber(biases?.least) || !isFiniteNumber(biases.most) || biases.most < biases.least) {
    throw damaged('biases must be a range');
  }
  return meta as IvfMeta;
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** An `ERR_FILE` of this engine. */
export function damaged(rule: string, got?: unknown): SimileError {
  const remedy = 'The file was not written by toBytes, or is damaged; write it again.';
  return new SimileError({ where: 'ivf-engine', rule, got, remedy, code: 'ERR_FILE' });
}
