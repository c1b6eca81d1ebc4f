import { checkAborted } from '@simile/core/errors';
import type { EngineSearchOptions, SearchEngine, SearchEngineFactory } from '../contract.ts';
import {
  errorMessage,
  type EngineRequest,
  type EngineResult,
  type EngineStatus,
  type FromWorker,
  type SlotPlaces,
  type ToWorker,
} from './engine-messages.ts';
import { SectionRequests } from './section-requests.ts';

/** Makes the factory of what is served, from the `engine` and `options` of `workerEngine`. */
export type MakeServed = (engine: string | undefined, options: unknown) => SearchEngineFactory;

/** An engine that is asked by messages. */
export class ServedEngine {
  readonly #make: MakeServed;
  readonly #send: (message: FromWorker) => void;
  readonly #running = new Map<number, AbortController>();
  readonly #sections: SectionRequests;
  #engine: SearchEngine | undefined;
  /** Places in the order of adding, by slot; undefined while that is the number of the slot. */
  #places: Float64Array | undefined;

  constructor(make: MakeServed, send: (message: FromWorker) => void) {
    this.#make = make;
    this.#send = send;
    this.#sections = new SectionRequests(send);
  }

  hear(message: ToWorker): void {
    const { id } = message;
    if ('request' in message) void this.#serve(id, message.request);
    else if ('abort' in message) this.#running.get(id)?.abort();
    else this.#sections.hear(message);
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
      const stored = restore && this.#sections.stored(id, restore);
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
        await engine.prepareState?.();
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

  #status(): EngineStatus {
    const { name, size, bytes, effort, searchExact, compact, state, prepareState } = this.#engine!;
    const plain = effort && {
      name: effort.name,
      value: effort.value,
      least: effort.least,
      most: effort.most,
      sampleStep: effort.sampleStep,
    };
    const has = {
      hasExact: searchExact !== undefined,
      hasCompact: compact !== undefined,
      hasState: (state ?? prepareState) !== undefined,
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
