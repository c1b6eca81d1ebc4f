import { describe as suite, expect, it } from 'vitest';
import {
  checkAborted,
  checkFinite,
  checkInteger,
  checkNames,
  checkNotNegative,
  checkOneOf,
  checkPositive,
  checkRange,
  describe,
  SimileError,
} from './errors.ts';

suite('SimileError', () => {
  const parts = {
    where: 'unit',
    rule: 'margin must be above 0',
    got: -1,
    remedy: 'Raise it.',
    code: 'ERR_OPTION',
  } as const;

  it('says rule, value, remedy and code in one line', () => {
    expect(new SimileError(parts).message).toBe('unit: margin must be above 0, but got -1. Raise it. [ERR_OPTION]');
  });

  it('leaves the value out where there is none', () => {
    expect(new SimileError({ ...parts, got: undefined }).message).toBe(
      'unit: margin must be above 0. Raise it. [ERR_OPTION]',
    );
  });

  it('carries code, place, value and cause', () => {
    const cause = new Error('why');
    const error = new SimileError({ ...parts, cause });
    expect(error).toMatchObject({ name: 'SimileError', code: 'ERR_OPTION', where: 'unit', got: -1, cause });
    expect('cause' in new SimileError(parts)).toBe(false);
  });

  it('is recognised across copies of the package, and nothing else is', async () => {
    // A query makes the module loader take the same file for another module, as two installed copies are.
    const copy = await import('./errors.ts?copy' as './errors.ts');
    const theirs = new copy.SimileError(parts);
    expect(copy.SimileError).not.toBe(SimileError);
    expect(Object.getPrototypeOf(theirs)).not.toBe(SimileError.prototype);
    expect(SimileError.is(theirs)).toBe(true);
    for (const other of [new Error('x'), new TypeError('x'), { simile: true }, null, undefined, 'simile']) {
      expect(SimileError.is(other)).toBe(false);
    }
  });
});

suite('describe', () => {
  it.each([
    ['text', "'text'"],
    ['x'.repeat(81), `'${'x'.repeat(80)}…'`],
    [3.5, '3.5'],
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [12n, '12'],
    [[1, 'a', null], "[1, 'a', null]"],
    [[], '[]'],
    [new Float32Array([1, 2]), '[1, 2]'],
    [Array.from({ length: 9 }, (_, i) => i), '[0, 1, 2, 3, 4, 5, 6, 7, … 9 in all]'],
    [{ a: 1, b: 2 }, 'an object with a, b'],
    [{}, 'an object with no keys'],
    [new Map(), 'a Map'],
    [Object.create(null), 'a object'],
    [function named() {}, 'the function named'],
    [(() => () => {})(), 'a function'],
  ])('%# shows a value short and on one line', (value, text) => {
    expect(describe(value)).toBe(text);
  });

  it('shows a list of millions without walking through it', () => {
    let reads = 0;
    const list = new Proxy([] as number[], {
      get: (_, key) => (key === 'length' ? 4e9 : ++reads),
    });
    expect(describe(list)).toBe('[1, 2, 3, 4, 5, 6, 7, 8, … 4000000000 in all]');
    expect(reads).toBe(8);
  });
});

suite('option checks', () => {
  it('checkPositive takes finite numbers above 0 and nothing else', () => {
    checkPositive('unit', { a: 1e-30, b: 5 });
    expect(() => checkPositive('unit', { margin: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: unit: margin must be a finite number above 0, but got -1. Leave margin out to use the default. [ERR_OPTION]]`,
    );
    for (const value of [0, -0, Infinity, NaN, '1', null, undefined]) {
      expect(() => checkPositive('unit', { a: 1, value })).toThrow(/value must be/);
    }
  });

  it('checkFinite takes finite numbers and nothing else', () => {
    checkFinite('unit', { a: -1e30, b: 0 });
    expect(() => checkFinite('unit', { offset: NaN })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: unit: offset must be a finite number, but got NaN. Leave offset out to use the default. [ERR_OPTION]]`,
    );
    for (const value of [Infinity, -Infinity, '1', null, undefined]) {
      expect(() => checkFinite('unit', { value })).toThrow(/value must be/);
    }
  });

  it('checkNotNegative takes finite numbers from 0 and nothing else', () => {
    checkNotNegative('unit', { a: 0, b: 3 });
    expect(() => checkNotNegative('unit', { weight: -0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: unit: weight must be a finite number, 0 or more, but got -0.5. Leave weight out to use the default. [ERR_OPTION]]`,
    );
    for (const value of [Infinity, NaN, '1', undefined]) {
      expect(() => checkNotNegative('unit', { value })).toThrow(/value must be/);
    }
  });

  it('checkRange takes both ends and what lies between', () => {
    checkRange('unit', { a: 0, b: 1, c: 0.5 }, 0, 1);
    expect(() => checkRange('unit', { share: 1.5 }, 0, 1)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: unit: share must be a number from 0 to 1, but got 1.5. Leave share out to use the default. [ERR_OPTION]]`,
    );
    for (const value of [-1e-9, NaN, '0.5', undefined]) {
      expect(() => checkRange('unit', { value }, 0, 1)).toThrow(/value must be/);
    }
  });

  it('checkInteger takes whole numbers from the least on', () => {
    checkInteger('unit', { a: 1, b: 2 ** 53 - 1 }, 1);
    expect(() => checkInteger('unit', { k: 0 }, 1)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: unit: k must be a whole number of at least 1, but got 0. Leave k out to use the default. [ERR_OPTION]]`,
    );
    for (const value of [1.5, 2 ** 53, Infinity, '2', undefined]) {
      expect(() => checkInteger('unit', { value }, 1)).toThrow(/value must be/);
    }
  });

  it('checkOneOf takes what is on the list', () => {
    checkOneOf('unit', { mining: 'hard', on: true }, ['hard', true]);
    expect(() => checkOneOf('unit', { mining: 'Hard' }, ['hard', 'easy', 1])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: unit: mining must be one of 'hard', 'easy', 1, but got 'Hard'. Leave mining out to use the default. [ERR_OPTION]]`,
    );
  });

  it('checkNames refuses a misspelt option', () => {
    checkNames('unit', { margin: 1 }, ['margin', 'soft']);
    expect(() => checkNames('unit', { margins: 1 }, ['margin', 'soft'])).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: unit: options are margin, soft, but got 'margins'. Check the spelling. [ERR_OPTION]]`,
    );
  });

  it('names the code of each', () => {
    const codes = [
      () => checkPositive('unit', { a: 0 }),
      () => checkOneOf('unit', { a: 0 }, [1]),
      () => checkNames('unit', { a: 0 }, []),
    ].map((run) => {
      try {
        return run();
      } catch (error) {
        return (error as SimileError).code;
      }
    });
    expect(codes).toEqual(['ERR_OPTION', 'ERR_OPTION', 'ERR_OPTION']);
  });
});

suite('checkAborted', () => {
  it('lets work go on that nobody cancelled', () => {
    checkAborted('unit', undefined);
    checkAborted('unit', new AbortController().signal);
  });

  it('throws with the reason as its cause', () => {
    const signal = AbortSignal.abort('closed');
    expect(() => checkAborted('fit', signal)).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: fit: the work was cancelled by its signal. What was finished before is kept; call again to go on. [ERR_ABORTED]]`,
    );
    try {
      checkAborted('fit', signal);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_ABORTED', cause: 'closed' });
    }
  });
});
