import { checkAborted, SimileError } from '@simile/core/errors';
import { nodeModule } from '@simile/core/platform';
import type { EngineSearchOptions, SearchEngine, SearchEngineFactory, StoredEngineState } from '../contract.ts';
import {
  buffersOf,
  errorMessage,
  errorOf,
  type EngineRequest,
  type EngineResult,
  type EngineStatus,
  type FromWorker,
  type SlotPlaces,
  type StoredMessage,
  type ToWorker,
} from './engine-messages.ts';

/** Makes the factory of what is served, from the `engine` and `options` of `workerEngine`. */
export type MakeServed = (engine: string | undefined, options: unknown) => SearchEngineFactory;

/** What a worker hears and speaks through: its `parentPort` in Node, itself elsewhere. */
interface OwnPort {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  start?(): void;
}

/**
 * Makes a worker the place of an engine: to be called once in the worker's script. The page has it by
 * `workerEngine({ worker: () => new Worker(…) })`. For engines of one's own, and for bundles in which the worker shares code
 * with the page; without one, `workerEngine` brings a script with the engines of this package.
 *
 * @param engine Makes the factory of what to serve
 * @throws `ERR_STATE` outside of a worker
 * @example
 * // search.worker.js
 * serveEngine(() => flatEngine());
 */
export function serveEngine(engine: MakeServed): void {
  const port = ownPort();
  const served = new ServedEngine(engine, (message) => {
    port.postMessage(message, 'result' in message && message.result ? buffersOf(message.result) : []);
  });
  port.addEventListener('message', ({ data }) => served.hear(data as ToWorker));
  port.start?.();
}

function ownPort(): OwnPort {
  const node = nodeModule<typeof import('node:worker_threads')>('node:worker_threads');
  if (node?.parentPort) return node.parentPort as unknown as OwnPort;
  const scope = globalThis as unknown as OwnPort & { readonly document?: unknown };
  if (!node && scope.document === undefined && typeof scope.postMessage === 'function') return scope;
  throw new SimileError({
    where: 'serve-engine',
    rule: 'an engine is served by a worker',
    remedy: 'Call it in the script of a worker, and give that to workerEngine.',
    code: 'ERR_STATE',
  });
}

/** An engine that is asked by messages. */
class ServedEngine {
  readonly #make: MakeServed;
  readonly #send: (message: FromWorker) => void;
  readonly #running = new Map<number, AbortController>();
  readonly #sections = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }>();
  #needs = 0;
  #engine: SearchEngine | undefined;
  /** Places in the order of adding, by slot; undefined while that is the number of the slot. */
  #places: Float64Array | undefined;

  constructor(make: MakeServed, send: (message: FromWorker) => void) {
    this.#make = make;
    this.#send = send;
  }

  hear(message: ToWorker): void {
    const { id } = message;
    if ('request' in message) void this.#serve(id, message.request);
    else if ('abort' in message) this.#running.get(id)?.abort();
    else {
      const waits = this.#sections.get(message.need);
      this.#sections.delete(message.need);
      if ('section' in message) waits?.resolve(message.section);
      else waits?.reject(errorOf(message.sectionError));
    }
  }

  async #serve(id: number, request: EngineRequest): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const result = await this.#answer(id, request, controller.signal);
      this.#send({ id, result, status: this.#status() });
    } catch (error) {
      this.#send({ id, error: errorMessage(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  async #answer(id: number, request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    if (request.call === 'make') {
      const { engine, options, dimension, metric, restore, slots } = request;
      const stored = restore && this.#stored(id, restore);
      this.#engine = await this.#make(
        engine,
        options,
      )({
        dimension,
        metric,
        order: (slot) => this.#places?.[slot] ?? slot,
        ...(stored && { restore: stored }),
        ...(slots && { slots }),
      });
      return undefined;
    }
    const engine = this.#engine!;
    switch (request.call) {
      case 'reserve':
        await engine.reserve?.(request.count);
        return undefined;
      case 'set':
        await engine.set(request.slots, request.rows, {
          signal,
          onProgress: (progress) => this.#send({ id, progress }),
        });
        return undefined;
      case 'remove':
        await engine.remove(request.slots);
        return undefined;
      case 'search':
        return this.#search(engine, request, signal);
      case 'rows':
        return rowsAt(engine, request.slots);
      case 'clear':
        await engine.clear();
        return undefined;
      case 'compact':
        await engine.compact?.();
        return undefined;
      case 'close':
        await engine.close?.();
        return undefined;
      case 'state':
        if (engine.effort && request.effort !== undefined) engine.effort.value = request.effort;
        return stateOf(engine);
    }
  }

  async #search(
    engine: SearchEngine,
    { exact, queries, k, radius, allowed, effort, places }: EngineRequest & { call: 'search' },
    signal: AbortSignal,
  ): Promise<EngineResult> {
    if (places) this.#place(places);
    checkAborted('index', signal);
    const options: EngineSearchOptions = { k, radius, allowed, effort, signal };
    const hits = await (exact && engine.searchExact
      ? engine.searchExact(queries, options)
      : engine.search(queries, options));
    // Copies of what may be a view of the engine's memory: these are given away.
    const { counts, slots, distances } = hits;
    return { k: hits.k, counts: counts.slice(), slots: slots.slice(), distances: distances.slice() };
  }

  #place({ slots, places }: SlotPlaces): void {
    const most = slots.reduce((largest, slot) => Math.max(largest, slot), 0);
    if (most >= (this.#places?.length ?? 0)) {
      const grown = Float64Array.from({ length: Math.ceil((most + 1) * 1.25) }, (_, slot) => slot);
      if (this.#places) grown.set(this.#places);
      this.#places = grown;
    }
    slots.forEach((slot, i) => (this.#places![slot] = places[i]!));
  }

  #stored(id: number, { kind, version, meta, sizes }: StoredMessage): StoredEngineState {
    return {
      kind,
      version,
      meta,
      sizes,
      read: async (name, into) => {
        const bytes = await new Promise<Uint8Array>((resolve, reject) => {
          this.#sections.set(++this.#needs, { resolve, reject });
          this.#send({ id, need: this.#needs, section: name });
        });
        into.set(bytes);
      },
    };
  }

  #status(): EngineStatus {
    const { name, size, bytes, effort, searchExact, compact, state } = this.#engine!;
    const plain = effort && { name: effort.name, value: effort.value, least: effort.least, most: effort.most };
    const has = {
      hasExact: searchExact !== undefined,
      hasCompact: compact !== undefined,
      hasState: state !== undefined,
    };
    return { name, size, bytes, effort: plain, ...has };
  }
}

function rowsAt(engine: SearchEngine, slots: Uint32Array): Float32Array {
  const rows = Array.from(slots, (slot) => engine.row(slot));
  const values = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    values.set(row, at);
    at += row.length;
  }
  return values;
}

function stateOf(engine: SearchEngine): EngineResult {
  const state = engine.state?.();
  if (!state) return undefined;
  const { kind, version, meta, rows, sections } = state;
  return { kind, version, meta, rows, sections: new Map([...sections].map(([name, bytes]) => [name, bytes.slice()])) };
}
