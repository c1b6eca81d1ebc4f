import { createSandbox } from '../sandbox/index.ts';
import { programText } from './program-text.ts';
import { settings } from './run-judge.ts';

/** Value of a loss at some points, and its slope by each number of them. */
export interface PluginEvaluation {
  readonly value: number;
  readonly gradient: number[][];
}

/** A plugin that runs in a sandbox of its own. */
export interface LoadedPlugin {
  /** Ids of its losses, sorted. */
  readonly losses: string[];
  /** @throws what the loss says, or that the plugin ended */
  evaluate(loss: string, labels: number[], rows: number[][]): Promise<PluginEvaluation>;
  /** Ends it. */
  close(): void;
}

type Answer = { readonly losses: string[] } | { readonly problem: string } | PluginEvaluation;

/** How long a plugin may think, in milliseconds: one that never answers must not hold the page up. */
const PATIENCE = 30_000;

/**
 * Loads the text of a module whose default export is a plugin, in a sandbox. Questions wait for each other.
 *
 * @throws an `Error` for a module that cannot be run or is no plugin
 * @example
 * const { losses, evaluate, close } = await loadPlugin(code);
 * await evaluate(losses[0]!, [0, 0, 1], [[0], [2], [3]]); // { value, gradient: [[…], […], […]] }
 */
export async function loadPlugin(code: string): Promise<LoadedPlugin> {
  const sandbox = await createSandbox();
  const mark = `${crypto.randomUUID()}/`;
  let hear: (answer: Answer) => void = () => {};
  let give: ((question: Uint8Array) => void) | undefined;
  let fail: (error: Error) => void = () => {};
  const ended = new Promise<never>((_, reject) => (fail = reject));
  ended.catch(() => {}); // whoever waits hears of it

  /** Waits for the answer to what was asked last. */
  const answer = async <Kind extends Answer>(ask: () => void): Promise<Kind> => {
    let timer = 0;
    const late = new Promise<never>((_, reject) => {
      timer = window.setTimeout(() => {
        reject(new Error('The plugin did not answer within 30 seconds and was stopped.'));
        sandbox.close();
      }, PATIENCE);
    });
    const heard = new Promise<Answer>((resolve) => (hear = resolve));
    ask();
    try {
      const found = await Promise.race([heard, ended, late]);
      if ('problem' in found) throw new Error(found.problem);
      return found as Kind;
    } finally {
      clearTimeout(timer);
    }
  };

  let problem = 'The plugin was stopped.';
  const start = (): void => {
    const files = {
      'plugin.ts': code,
      'run-plugin.ts': programText('run-plugin.ts'),
      'settings.ts': settings({ mark, backends: ['cpu'] }),
    };
    const next = (name: string): Promise<Uint8Array | undefined> => {
      if (!name.startsWith(mark)) return Promise.resolve(undefined);
      const question = new Promise<Uint8Array>((resolve) => (give = resolve));
      hear(JSON.parse(name.slice(mark.length)) as Answer);
      return question;
    };
    const running = sandbox.run({ files, entry: 'run-plugin.ts', backend: 'cpu', answer: next }, (output) => {
      if (output.kind !== 'error') return;
      const { message, file, line } = output;
      problem = file && line ? `${message} (${file}, line ${line})` : message;
    });
    void running.then(
      () => fail(new Error(problem)),
      (error: Error) => fail(error),
    );
  };

  let turn: Promise<unknown>;
  try {
    const first = answer<{ losses: string[] }>(start);
    turn = first;
    const { losses } = await first;
    const evaluate = (loss: string, labels: number[], rows: number[][]): Promise<PluginEvaluation> => {
      const ask = (): void => give!(new TextEncoder().encode(JSON.stringify({ loss, labels, rows })));
      const mine = turn.then(() => answer<PluginEvaluation>(ask));
      turn = mine.catch(() => {});
      return mine;
    };
    return { losses, evaluate, close: () => sandbox.close() };
  } catch (error) {
    sandbox.close();
    throw error;
  }
}
