// Runs one program. Made anew for each run, by the frame, which ends it.
import type { Output } from '../output.ts';
import { GPU_CLASSES, GPU_FLAGS } from '../gpu/flags.ts';
import { remoteGpu, type RemoteGpu } from '../gpu/remote-gpu.ts';
import type { FromWorker, Job, ToWorker } from '../protocol.ts';
import { programConsole } from './console.ts';
import { fetchFiles } from './fetch-files.ts';
import { linkProgram } from './link-program.ts';
import { watchPending, type TimerRealm } from './pending.ts';
import { placeOfStack, programError, type Places } from './program-error.ts';
import './sandbox-global.ts';
import './tensor-like.ts';
import { watchVitals } from './vitals.ts';

// The program can put others in the place of these.
const { postMessage } = self;
const now = performance.now.bind(performance);
const every = self.setInterval.bind(self);

type Answer = Extract<ToWorker, { readonly request: number }>;
const asked = new Map<number, (answer: Answer) => void>();
let lastRequest = 0;
let gpu: RemoteGpu | undefined;
let began = 0;

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'run') void run(data.job, data.gpu);
  else if (data.kind === 'gpu') gpu?.hear(data.answer);
  else {
    asked.get(data.request)?.(data);
    asked.delete(data.request);
  }
});

function tell(message: FromWorker): void {
  postMessage.call(self, message);
}

function send(output: Output): void {
  tell({ kind: 'output', output });
}

async function ask<Kind extends Answer['kind']>(
  kind: Kind,
  what: { files: readonly string[] } | { name: string },
): Promise<Extract<Answer, { kind: Kind }>> {
  const request = ++lastRequest;
  const answered = new Promise<Answer>((resolve) => asked.set(request, resolve));
  tell({ kind: `want-${kind}`, request, ...what } as FromWorker);
  const answer = await answered;
  if (answer.problem !== undefined) throw new Error(answer.problem);
  return answer as Extract<Answer, { kind: Kind }>;
}

async function run({ program, specifiers }: Omit<Job, 'worker'>, hasGpu: boolean): Promise<void> {
  began = now();
  const vitals = watchVitals();
  const names = new Map<string, string>();
  const places: Places = { names, sources: program.files };
  const clock = (): number => now() - began;
  const { console: own, settled } = programConsole(send, clock, (stack) => placeOfStack(stack, places));
  Object.assign(console, own);
  let over = false;
  const fail = (thrown: unknown): void => {
    if (over) return;
    over = true;
    // What was printed before comes first.
    void settled().then(() => {
      send(programError(thrown, places));
      tell({ kind: 'ended', ending: 'error' });
    });
  };
  self.addEventListener('error', (event) => {
    event.preventDefault();
    fail(event.error ?? event.message);
  });
  self.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  if (hasGpu) installGpu();
  self.fetch = fetchFiles(async (name) => (await ask('data', { name })).bytes, self.fetch.bind(self));
  const pending = watchPending(self as unknown as TimerRealm);

  const addressesOf = async (files: readonly string[]): Promise<Readonly<Record<string, string>>> => {
    const { addresses = {} } = await ask('scripts', { files });
    for (const [file, address] of Object.entries(addresses)) names.set(address, file);
    return addresses;
  };
  const importScript = async (file: string): Promise<unknown> => import((await addressesOf([file]))[file]!);
  globalThis.simileSandbox = {
    backend: program.backend,
    reportBackend: (report) => send({ kind: 'backend', report, isolated: self.crossOriginIsolated }),
    importScript,
    readBuffer: gpu?.readBuffer,
  };
  every(() => send({ kind: 'vitals', milliseconds: clock(), ...vitals() }), 250);

  try {
    const linked = await linkProgram({ program, specifiers, names, addressesOf });
    if (!('entry' in linked)) {
      send({ kind: 'error', ...linked });
      return tell({ kind: 'ended', ending: 'error' });
    }
    // What the program stands on comes first, so that its own time is its own.
    for (const module of linked.modules) await import(module);
    await chooseBackend(linked.specifiers, specifiers, importScript);
    began = now();
    const tensorsBefore = vitals().tensors;
    await import(linked.entry);
    await pending.over();
    await settled();
    if (over) return;
    over = true;
    const backend = globalThis._tfengine?.backendName ?? '';
    send({ kind: 'vitals', milliseconds: clock(), ...vitals() });
    send({ kind: 'done', milliseconds: clock(), tensorsBefore, tensorsAfter: vitals().tensors, backend });
    tell({ kind: 'ended', ending: 'done' });
  } catch (error) {
    fail(error);
  }
}

/** A program that computes with tensors and names no backend has what the reader chose. */
async function chooseBackend(
  imported: ReadonlySet<string>,
  specifiers: Job['specifiers'],
  importScript: (file: string) => Promise<unknown>,
): Promise<void> {
  const engine = globalThis._tfengine;
  if (!engine || Object.keys(engine.registryFactory).length > 0) return;
  if (['@simile/core/backend', '@simile/backend-wasm', 'simile'].some((name) => imported.has(name))) return;
  const backend = (await importScript(specifiers['@simile/core/backend']!)) as { selectBackend(): Promise<unknown> };
  await backend.selectBackend();
}

/** WebGPU of the frame, in the place of the worker's own, which it does not have. */
function installGpu(): void {
  const say = (message: string): void => console.error(`WebGPU: ${message}`);
  gpu = remoteGpu((commands) => tell({ kind: 'gpu', commands }), say);
  Object.defineProperty(navigator, 'gpu', { value: gpu.gpu, configurable: true });
  Object.assign(globalThis, GPU_FLAGS, GPU_CLASSES);
}
