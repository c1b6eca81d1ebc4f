// Runs in a frame of opaque origin. Makes the worker in which a program runs, ends it, and carries messages between it and the page. No
// code of a program runs here.
import { serveGpu, type GpuServer } from '../gpu/serve-gpu.ts';
import type { Output } from '../output.ts';
import type { FromFrame, FromWorker, Job, Script, ToFrame, ToWorker } from '../protocol.ts';
import { scriptShelf } from './script-shelf.ts';

/** A program that only ever prints must not fill the memory of the page. */
const MAX_OUTPUTS = 20_000;
const MAX_CHARACTERS = 50e6;

interface Run {
  readonly number: number;
  readonly worker: Worker;
  gpu?: GpuServer;
  outputs: number;
  characters: number;
}

const shelf = scriptShelf();
const asked = new Map<number, (message: ToFrame & { readonly request: number }) => void>();
let page: MessagePort;
let current: Run | undefined;
let lastRequest = 0;

addEventListener('message', ({ data, ports }: MessageEvent) => {
  if (data !== 'connect' || !ports[0]) return;
  page = ports[0];
  page.addEventListener('message', ({ data: message }: MessageEvent<ToFrame>) => hearPage(message));
  page.start();
  tell({ kind: 'ready' });
});

function tell(message: FromFrame): void {
  page.postMessage(message);
}

function hearPage(message: ToFrame): void {
  if (message.kind === 'ping') tell({ kind: 'pong' });
  else if (message.kind === 'run') start(message.run, message.job);
  else if (message.kind === 'stop') {
    if (current?.number === message.run) end(current, 'stopped');
  } else {
    asked.get(message.request)?.(message);
    asked.delete(message.request);
  }
}

function start(number: number, { worker: script, ...job }: Job): void {
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(address);
  const run: Run = { number, worker, outputs: 0, characters: 0 };
  current = run;
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (current === run) hearWorker(run, data);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    if (current === run) fail(run, event.message || 'The program could not be started.');
  });
  // Engines that tell when the other side of a channel is gone tell so when a worker dies of its memory.
  const life = new MessageChannel();
  life.port1.addEventListener('close', () => {
    if (current === run)
      fail(run, 'The program ended of itself; it may have needed more memory than the browser gives.');
  });
  life.port1.start();
  const hello: ToWorker = { kind: 'run', job, gpu: 'gpu' in navigator };
  worker.postMessage(hello, [life.port2]);
}

function hearWorker(run: Run, message: FromWorker): void {
  switch (message.kind) {
    case 'output':
      return pass(run, message.output);
    case 'ended':
      return end(run, message.ending);
    case 'want-scripts':
      return void fetchScripts(run, message.request, message.files);
    case 'want-data':
      return ask({ kind: 'want-data', request: 0, name: String(message.name) }, (answer) => {
        if (answer.kind === 'data') reply(run, { ...answer, request: message.request });
      });
    case 'gpu':
      run.gpu ??= serveGpu((answer) => reply(run, { kind: 'gpu', answer }));
      return run.gpu.obey(message.commands);
  }
}

function reply(run: Run, message: ToWorker): void {
  if (current === run) run.worker.postMessage(message);
}

function pass(run: Run, output: Output): void {
  run.outputs++;
  if (output.kind === 'console') for (const { text } of output.parts) run.characters += text.length;
  if (run.outputs > MAX_OUTPUTS || run.characters > MAX_CHARACTERS) {
    return fail(run, 'The program was stopped: it printed more than a page can show.');
  }
  tell({ kind: 'output', run: run.number, output });
}

function fail(run: Run, message: string): void {
  tell({ kind: 'output', run: run.number, output: { kind: 'error', message } });
  end(run, 'error');
}

function end(run: Run, ending: 'done' | 'error' | 'stopped'): void {
  run.worker.terminate();
  run.gpu?.close();
  current = undefined;
  tell({ kind: 'ended', run: run.number, ending });
}

function ask(message: Extract<FromFrame, { request: number }>, heard: (answer: ToFrame) => void): void {
  const request = ++lastRequest;
  asked.set(request, heard);
  tell({ ...message, request });
}

async function fetchScripts(run: Run, request: number, files: readonly string[]): Promise<void> {
  const missing = files.filter((file) => !shelf.has(file));
  if (missing.length > 0) {
    const problem = await new Promise<string | undefined>((resolve) => {
      ask({ kind: 'want-scripts', request: 0, files: missing }, (answer) => {
        if (answer.kind !== 'scripts') return;
        for (const script of answer.scripts ?? ([] as readonly Script[])) shelf.put(script);
        resolve(answer.problem);
      });
    });
    if (problem !== undefined) return reply(run, { kind: 'scripts', request, problem });
  }
  const addresses = Object.fromEntries(files.map((file) => [file, shelf.addressOf(file)]));
  reply(run, { kind: 'scripts', request, addresses });
}
