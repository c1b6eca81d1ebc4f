import { checkInteger, checkNames, SimileError } from '@simile/core/errors';
import type { SearchEffort, SearchOptions } from './contract.ts';

const NAMES = ['k', 'radius', 'filter', 'effort', 'signal'];

/** @throws `ERR_OPTION` */
export function checkSearchOptions(options: SearchOptions): void {
  for (const name in options) if (!NAMES.includes(name)) checkNames('index.search', options, NAMES);
  const { k = 5, radius = Infinity, effort = 1 } = options;
  if (!(Number.isSafeInteger(k) && k >= 1) && k !== Infinity) checkInteger('index.search', { k }, 1);
  if (!(Number.isSafeInteger(effort) && effort >= 1)) checkInteger('index.search', { effort }, 1);
  if (typeof radius === 'number' && !Number.isNaN(radius)) return;
  throw new SimileError({
    where: 'index.search',
    rule: 'radius must be a number',
    got: radius,
    remedy: 'Leave it out for no limit.',
    code: 'ERR_OPTION',
  });
}

/** An effort within what an engine knows; undefined for what it is set to. */
export function effortWithin(range: SearchEffort | undefined, effort: number | undefined): number | undefined {
  if (effort === undefined || !range) return undefined;
  return Math.min(Math.max(effort, range.least), range.most);
}

/** @throws `ERR_STATE` */
export function checkNotEmpty(size: number, where = 'index.search'): void {
  if (size > 0) return;
  throw new SimileError({
    where,
    rule: 'the index must have records',
    got: 'none',
    remedy: 'Add some first.',
    code: 'ERR_STATE',
  });
}
