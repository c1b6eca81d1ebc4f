/** Codes of {@link SimileError}; each has an entry in the docs with its remedy. */
export type ErrorCode =
  | 'ERR_ABORTED'
  | 'ERR_BACKEND'
  | 'ERR_COLLAPSE'
  | 'ERR_DATA'
  | 'ERR_DTYPE'
  | 'ERR_FILE'
  | 'ERR_GRADIENT'
  | 'ERR_MEMORY'
  | 'ERR_NAN'
  | 'ERR_OPTION'
  | 'ERR_PLUGIN'
  | 'ERR_SHAPE'
  | 'ERR_STATE';

/** What a {@link SimileError} is made of. */
export interface SimileErrorParts {
  /** Id of the unit that complains, such as `triplet-margin`. */
  readonly where: string;
  /** The rule that was broken, without a full stop: `margin must be a finite number above 0`. */
  readonly rule: string;
  /** What came instead; printed short. Leave out where there is nothing to show. */
  readonly got?: unknown;
  /** What to do, as a sentence or two. */
  readonly remedy: string;
  readonly code: ErrorCode;
  readonly cause?: unknown;
}

/**
 * Every error that Simile throws on purpose: `<where>: <rule>, but got <value>. <remedy> [CODE]`.
 *
 * Recognise it with {@link SimileError.is}, not `instanceof`: two copies of a package then still agree.
 */
export class SimileError extends Error {
  readonly simile = true;
  readonly code: ErrorCode;
  readonly where: string;
  readonly got: unknown;

  constructor({ where, rule, got, remedy, code, cause }: SimileErrorParts) {
    const seen = got === undefined ? '' : `, but got ${describe(got)}`;
    super(`${where}: ${rule}${seen}. ${remedy} [${code}]`, cause === undefined ? undefined : { cause });
    this.name = 'SimileError';
    this.code = code;
    this.where = where;
    this.got = got;
  }

  static is(error: unknown): error is SimileError {
    return error instanceof Error && (error as { simile?: unknown }).simile === true;
  }
}

/** A value as an error message shows it: short, on one line, strings in quotes. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const { length } = value as ArrayLike<unknown>;
    const list = Array.from({ length: Math.min(length, 8) }, (_, i) => describe((value as ArrayLike<unknown>)[i]));
    return length > 8 ? `[${list.join(', ')}, … ${length} in all]` : `[${list.join(', ')}]`;
  }
  if (typeof value === 'string') return value.length > 80 ? `'${value.slice(0, 80)}…'` : `'${value}'`;
  if (typeof value === 'object' && value !== null) {
    const kind = value.constructor?.name ?? 'object';
    return kind === 'Object' ? `an object with ${Object.keys(value).join(', ') || 'no keys'}` : `a ${kind}`;
  }
  return String(value);
}

function optionError(where: string, rule: string, got: unknown, name: string): SimileError {
  const remedy = `Leave ${name} out to use the default.`;
  return new SimileError({ where, rule, got, remedy, code: 'ERR_OPTION' });
}

/** Each value must be a finite number above 0. @throws `ERR_OPTION` */
export function checkPositive(where: string, options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
      throw optionError(where, `${name} must be a finite number above 0`, value, name);
    }
  }
}

/** Each value must be a finite number. @throws `ERR_OPTION` */
export function checkFinite(where: string, options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw optionError(where, `${name} must be a finite number`, value, name);
    }
  }
}

/** Each value must be a finite number, 0 or more. @throws `ERR_OPTION` */
export function checkNotNegative(where: string, options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw optionError(where, `${name} must be a finite number, 0 or more`, value, name);
    }
  }
}

/** Each value must be a number from `least` to `most`, both allowed. @throws `ERR_OPTION` */
export function checkRange(
  where: string,
  options: Readonly<Record<string, unknown>>,
  least: number,
  most: number,
): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== 'number' || !(value >= least && value <= most)) {
      throw optionError(where, `${name} must be a number from ${least} to ${most}`, value, name);
    }
  }
}

/** Each value must be a whole number of at least `least`. @throws `ERR_OPTION` */
export function checkInteger(where: string, options: Readonly<Record<string, unknown>>, least: number): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isSafeInteger(value) || (value as number) < least) {
      throw optionError(where, `${name} must be a whole number of at least ${least}`, value, name);
    }
  }
}

/** Each value must be one of `allowed`. @throws `ERR_OPTION` */
export function checkOneOf(
  where: string,
  options: Readonly<Record<string, unknown>>,
  allowed: readonly (string | number | boolean)[],
): void {
  for (const [name, value] of Object.entries(options)) {
    if (!allowed.includes(value as string)) {
      throw optionError(where, `${name} must be one of ${allowed.map(describe).join(', ')}`, value, name);
    }
  }
}

/** Refuses an option whose name is not known, so that a misspelt one is never ignored. @throws `ERR_OPTION` */
export function checkNames(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new SimileError({
        where,
        rule: `options are ${known.join(', ')}`,
        got: name,
        remedy: 'Check the spelling.',
        code: 'ERR_OPTION',
      });
    }
  }
}

/** Throws `ERR_ABORTED` once the signal is aborted; call it between steps of long work. */
export function checkAborted(where: string, signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new SimileError({
    where,
    rule: 'the work was cancelled by its signal',
    remedy: 'What was finished before is kept; call again to go on.',
    code: 'ERR_ABORTED',
    cause: signal.reason,
  });
}
