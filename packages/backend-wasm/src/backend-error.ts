/** What a {@link backendError} is made of; the same parts as every error of Simile. */
export interface BackendErrorParts {
  readonly where: string;
  readonly rule: string;
  readonly got?: string;
  readonly remedy: string;
  readonly code: 'ERR_BACKEND' | 'ERR_OPTION' | 'ERR_DTYPE';
  readonly cause?: unknown;
}

/**
 * An error that `SimileError.is` of `@simile/core/errors` recognises: it goes by the marker `simile`, not by the class.
 * This package stands below core and cannot import the class.
 */
export function backendError({ where, rule, got, remedy, code, cause }: BackendErrorParts): Error {
  const seen = got === undefined ? '' : `, but got ${got}`;
  const error = new Error(`${where}: ${rule}${seen}. ${remedy} [${code}]`, cause === undefined ? undefined : { cause });
  return Object.assign(error, { name: 'SimileError', simile: true, code, where, got });
}
