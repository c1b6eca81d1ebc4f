import { connectFrame, type FrameLink } from './connect-frame.ts';
import type { Ending, Output, Program } from './output.ts';
import type { FromFrame } from './protocol.ts';
import { openSiteModules } from './site-modules.ts';

/** A place in which programs run that can reach nothing outside. */
export interface Sandbox {
  /**
   * Runs a program, one at a time. What it prints and how it goes comes through `onOutput`; what it throws comes as an output of kind
   * `error`, never as a rejection.
   *
   * @throws an `Error` while another program runs, and after `close`
   */
  run(program: Program, onOutput: (output: Output) => void): Promise<Ending>;
  /** Ends the program that runs, whatever it does. Nothing happens when none does. */
  stop(): void;
  /** Ends the program and takes the sandbox off the page. */
  close(): void;
}

/** A frame that has not answered for so long is taken off the page with all that runs in it. */
const STOP_LIMIT = 1500;
const SILENCE_LIMIT = 20_000;
const PING_EVERY = 2000;
/** Engines do not say why the process of a frame ended. */
const MEMORY = 'The program may have needed more memory than the browser gives.';

interface Run {
  readonly number: number;
  readonly data: Readonly<Record<string, Uint8Array>>;
  readonly answer: Program['answer'];
  readonly onOutput: (output: Output) => void;
  readonly end: (ending: Ending) => void;
  stops: boolean;
  heard: number;
}

/**
 * A sandbox on this page: a frame of opaque origin, out of sight, in whose worker a program runs. The program has no way to the page, its
 * storage or any host; what it imports and fetches is what the site ships, handed over by the page.
 *
 * @example
 * const sandbox = await createSandbox();
 * const program = { files: { 'main.ts': 'console.log(1 + 1)' }, entry: 'main.ts', backend: 'auto' } as const;
 * await sandbox.run(program, console.log); // 'done'
 */
export async function createSandbox(): Promise<Sandbox> {
  const modules = await openSiteModules();
  let frame: FrameLink | undefined;
  let run: Run | undefined;
  let closed = false;
  let last = 0;

  const dropFrame = (): void => {
    frame?.remove();
    frame = undefined;
  };
  const finish = (ending: Ending): void => {
    const { end } = run!;
    run = undefined;
    end(ending);
  };
  const lose = (message: string): void => {
    dropFrame();
    if (!run) return;
    if (!run.stops) run.onOutput({ kind: 'error', message });
    finish(run.stops ? 'stopped' : 'error');
  };

  const hear = async (link: FrameLink, message: FromFrame): Promise<void> => {
    if (run) run.heard = Date.now();
    if (message.kind === 'output' && message.run === run?.number && !run.stops) run.onOutput(message.output);
    else if (message.kind === 'ended' && message.run === run?.number) finish(run.stops ? 'stopped' : message.ending);
    else if (message.kind === 'want-scripts') {
      const { request } = message;
      try {
        link.tell({ kind: 'scripts', request, scripts: await modules.scripts(message.files) });
      } catch (error) {
        link.tell({ kind: 'scripts', request, problem: (error as Error).message });
      }
    } else if (message.kind === 'want-data') {
      const { request, name } = message;
      const asked = run;
      const given = run && Object.hasOwn(run.data, name) ? run.data[name] : undefined;
      try {
        const bytes = given ?? (await modules.data(name)) ?? (await asked?.answer?.(name));
        link.tell({ kind: 'data', request, ...(bytes && { bytes }) });
      } catch (error) {
        link.tell({ kind: 'data', request, problem: (error as Error).message });
      }
    }
  };

  const openFrame = async (): Promise<FrameLink> => {
    const script = await modules.text(modules.manifest.frame);
    const link = await connectFrame(script, {
      hear: (message) => void hear(link, message),
      gone: () => {
        if (frame === link) lose(`The sandbox ended. ${MEMORY}`);
      },
    });
    return link;
  };

  return {
    async run({ data = {}, answer, ...program }, onOutput) {
      if (closed) throw new Error('The sandbox is closed.');
      if (run) throw new Error('A program is running; stop it first.');
      let end!: (ending: Ending) => void;
      const ended = new Promise<Ending>((resolve) => (end = resolve));
      const mine: Run = { number: ++last, data, answer, onOutput, end, stops: false, heard: Date.now() };
      run = mine;
      const watch = setInterval(() => {
        frame?.tell({ kind: 'ping' });
        if (Date.now() - mine.heard > SILENCE_LIMIT) lose(`The sandbox did not answer any more. ${MEMORY}`);
      }, PING_EVERY);
      try {
        frame ??= await openFrame();
        if (closed) dropFrame();
        const worker = await modules.text(modules.manifest.worker);
        if (run === mine) {
          const { specifiers } = modules.manifest;
          frame?.tell({ kind: 'run', run: mine.number, job: { program, specifiers, worker } });
        }
        return await ended;
      } catch (error) {
        run = undefined;
        throw error;
      } finally {
        clearInterval(watch);
      }
    },
    stop() {
      if (!run || run.stops) return;
      const mine = run;
      mine.stops = true;
      frame?.tell({ kind: 'stop', run: mine.number });
      setTimeout(() => {
        if (run === mine) lose('');
      }, STOP_LIMIT);
    },
    close() {
      closed = true;
      if (run) run.stops = true;
      lose('');
    },
  };
}
