import { SimileError } from '@simile/core/errors';
import type { Json } from '../contract.ts';
import type { HnswSearchEngine } from './hnsw-search-engine.ts';
import { NONE } from './hnsw-layout.ts';

/** Sizes, options and counters of a state. */
export interface HnswMeta {
  readonly metric: string;
  readonly dimension: number;
  readonly M: number;
  readonly efConstruction: number;
  readonly alpha: number;
  readonly precision: string;
  readonly seed: number;
  readonly efSearch: number;
  readonly count: number;
  readonly entry: number;
  readonly topLevel: number;
  readonly reach: number;
  readonly upperCount: number;
  readonly book: {
    readonly rows: number;
    readonly checkedAt: number;
    readonly squares: number;
    readonly longest: number;
  };
}

/** Undefined for a state of a graph with other options, which is no error. @throws `ERR_FILE` */
export function readMeta(json: Json, options: HnswSearchEngine['graph']['options']): HnswMeta | undefined {
  const meta = (json ?? {}) as Partial<HnswMeta>;
  const whole = (value: unknown, least: number, most: number): boolean =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
  const { count, entry, topLevel, reach, upperCount, book, efSearch } = meta;
  if (!whole(count, 0, NONE - 1)) throw damaged('count must be a number of nodes', count);
  if (!whole(entry, 0, Math.max(0, count! - 1))) throw damaged('entry must be a node', entry);
  if (!whole(topLevel, count === 0 ? -1 : 0, 15)) throw damaged('topLevel must be a level', topLevel);
  if (!whole(upperCount, 0, NONE)) throw damaged('upperCount must be a number of links', upperCount);
  if (!whole(efSearch, 1, 4096)) throw damaged('efSearch must be from 1 to 4096', efSearch);
  const numbers = [reach, book?.rows, book?.checkedAt, book?.squares, book?.longest];
  if (!numbers.every((value) => typeof value === 'number' && Number.isFinite(value) && value >= 0)) {
    throw damaged('reach and book must be numbers from 0', numbers);
  }
  const same = (['metric', 'dimension', 'M', 'precision'] as const).every((name) => meta[name] === options[name]);
  return same ? (meta as HnswMeta) : undefined;
}

/** An `ERR_FILE` about a state. */
export function damaged(rule: string, got?: unknown): SimileError {
  const remedy = 'The file was not written by toBytes, or is damaged; write it again.';
  return new SimileError({ where: 'hnsw-engine', rule, got, remedy, code: 'ERR_FILE' });
}
