import { format, inspect } from 'node-inspect-extracted';
import type { Output, Shown } from '../output.ts';
import { show } from './show.ts';

type Level = 'log' | 'info' | 'warn' | 'error';

/** The console of a program, and a promise that all it printed is on its way. */
export interface ProgramConsole {
  readonly console: Partial<Console>;
  settled(): Promise<unknown>;
}

/** Lines that a program prints at most: more makes a page slow, and nobody reads them. */
const MAX_LINES = 5000;

/**
 * A console that shows what it is given. Lines keep their order, so a line with a tensor whose values come from a GPU holds up
 * those after it.
 *
 * @param placeOf Finds the place in the program in the text of a stack.
 */
export function programConsole(
  send: (output: Output) => void,
  clock: () => number,
  placeOf: (stack: string) => { readonly file?: string; readonly line?: number } | undefined,
): ProgramConsole {
  let queue: Promise<unknown> | undefined;
  let waiting = 0;
  let lines = 0;
  let depth = 0;
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();

  const deliver = (output: Output | Promise<Output>): void => {
    if (waiting === 0 && !(output instanceof Promise)) return send(output);
    waiting++;
    const turn = queue ?? Promise.resolve();
    queue = turn.then(async () => {
      try {
        send(await output);
      } finally {
        waiting--;
      }
    });
  };
  const line = (level: Level, parts: readonly (Shown | Promise<Shown>)[]): void => {
    lines++;
    if (lines > MAX_LINES + 1) return;
    const { file, line: number } = placeOf(new Error('here').stack ?? '') ?? {};
    const place = file !== undefined && number !== undefined ? { file, line: number } : {};
    const about = { kind: 'console', level, at: clock(), depth, ...place } as const;
    if (lines > MAX_LINES) {
      const text = `Lines after the first ${MAX_LINES} are not shown.`;
      return deliver({ ...about, level: 'warn', parts: [{ kind: 'text', text }] });
    }
    if (!parts.some((part) => part instanceof Promise)) return deliver({ ...about, parts: parts as Shown[] });
    deliver(Promise.all(parts.map(failing)).then((shown) => ({ ...about, parts: shown })));
  };
  const print =
    (level: Level) =>
    (...values: unknown[]): void => {
      const progress = values.length === 1 ? progressOf(values[0]) : undefined;
      if (progress) return deliver(progress);
      const [first] = values;
      // `%d` and its like, as in Node.
      if (typeof first === 'string' && values.length > 1 && /%[sdifjoOc%]/.test(first)) {
        return line(level, [{ kind: 'text', text: format(...values) }]);
      }
      line(level, values.map(show));
    };
  const say = (text: string, level: Level = 'log'): void => line(level, [{ kind: 'text', text }]);
  const sayTime = (label: string, rest: unknown[]): void => {
    const begin = timers.get(label);
    if (begin === undefined) return say(`There is no timer ${label}.`, 'warn');
    say([`${label}: ${(performance.now() - begin).toFixed(1)} ms`, ...rest.map((value) => format(value))].join(' '));
  };

  const log = print('log');
  return {
    settled: async () => queue,
    console: {
      log,
      info: print('info'),
      debug: log,
      warn: print('warn'),
      error: print('error'),
      trace: print('log'),
      table: log,
      dir: (value: unknown, options?: object) => line('log', [{ kind: 'value', text: inspect(value, options ?? {}) }]),
      assert: (holds?: boolean, ...values: unknown[]) => {
        if (!holds) print('error')(...(values.length > 0 ? values : ['An assertion does not hold.']));
      },
      count: (label = 'default') => {
        counts.set(label, (counts.get(label) ?? 0) + 1);
        say(`${label}: ${counts.get(label)}`);
      },
      countReset: (label = 'default') => void counts.delete(label),
      group: (...values: unknown[]) => {
        if (values.length > 0) log(...values);
        depth++;
      },
      groupCollapsed: (...values: unknown[]) => {
        if (values.length > 0) log(...values);
        depth++;
      },
      groupEnd: () => void (depth = Math.max(0, depth - 1)),
      time: (label = 'default') => void timers.set(label, performance.now()),
      timeLog: (label = 'default', ...rest: unknown[]) => sayTime(label, rest),
      timeEnd: (label = 'default') => {
        sayTime(label, []);
        timers.delete(label);
      },
    },
  };
}

/** A part that could not be read says so, in its place. */
async function failing(part: Shown | Promise<Shown>): Promise<Shown> {
  try {
    return await part;
  } catch (error) {
    return { kind: 'text', text: `(${(error as Error).message})` };
  }
}

/** An object that says how far something is, such as `onProgress` of an index is given. */
function progressOf(value: unknown): Output | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { done, total, label = '' } = value as Record<string, unknown>;
  if (typeof done !== 'number' || typeof total !== 'number' || typeof label !== 'string') return undefined;
  return { kind: 'progress', label, done, total };
}
