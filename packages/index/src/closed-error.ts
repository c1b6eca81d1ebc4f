import { SimileError } from '@simile/core/errors';

/** What an engine throws when it is called after `close`. */
export function closedError(where: string): SimileError {
  const rule = 'the engine must not be closed';
  return new SimileError({ where, rule, remedy: 'Make a new index.', code: 'ERR_STATE' });
}
