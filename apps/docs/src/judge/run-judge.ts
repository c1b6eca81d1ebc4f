import { createSandbox, type Output, type Sandbox } from '../sandbox/index.ts';
import { readMessage, type CheckMessage } from './check-message.ts';
import { programText } from './program-text.ts';

/** Name of the file that holds the loss. */
export const lossFile = 'loss.ts';

/** What the judge needs to know of a loss. */
export interface RunJudgeOptions {
  readonly code: string;
  readonly backends: readonly string[];
  readonly onMessage: (message: CheckMessage) => void;
  /** What the loss printed. */
  readonly onPrint: (line: string) => void;
  readonly onError: (error: Extract<Output, { kind: 'error' }>) => void;
  /** A file of the site is on its way. */
  readonly onProgress: (progress: Extract<Output, { kind: 'progress' }>) => void;
}

/** A judge at work. */
export interface RunningJudge {
  readonly ended: Promise<'done' | 'error' | 'stopped'>;
  stop(): void;
}

/** Runs `lossChecks` of @simile/testing on the loss of some code, in a sandbox of its own. */
export function runJudge(options: RunJudgeOptions): RunningJudge {
  const { code, backends, onMessage, onPrint, onError, onProgress } = options;
  const mark = `${crypto.randomUUID()}:`;
  let sandbox: Sandbox | undefined;
  let stopped = false;
  const run = async (): Promise<'done' | 'error' | 'stopped'> => {
    sandbox = await createSandbox();
    try {
      if (stopped) return 'stopped';
      const files = {
        [lossFile]: code,
        'run-checks.ts': programText('run-checks.ts'),
        'settings.ts': settings({ mark, backends }),
      };
      return await sandbox.run({ files, entry: 'run-checks.ts', backend: 'cpu' }, (output) => {
        if (output.kind === 'error') onError(output);
        else if (output.kind === 'progress') onProgress(output);
        else if (output.kind === 'console') {
          const line = output.parts.map(({ text }) => text).join(' ');
          const message = readMessage(line, mark);
          if (message) onMessage(message);
          else onPrint(line);
        }
      });
    } finally {
      sandbox.close();
    }
  };
  return {
    ended: run(),
    stop: () => {
      stopped = true;
      sandbox?.stop();
    },
  };
}

/** The file that tells a program of the judge what the page wants. */
export function settings(values: Readonly<Record<string, unknown>>): string {
  return `export const settings = ${JSON.stringify(values)};\n`;
}
