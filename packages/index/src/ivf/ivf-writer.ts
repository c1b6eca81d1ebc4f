import type { EngineSetOptions } from '../contract.ts';
import { slotsUpTo } from '../slot-bits.ts';
import { codeRows, countLists } from './code-rows.ts';
import { longestOf } from './exact-bound.ts';
import type { IvfStore, Recoded } from './ivf-store.ts';
import { hasDrifted, noteRows, wantsTraining } from './model-fit.ts';
import { Pace } from './pace.ts';
import { allRows, incomingRows, type RowSource } from './row-source.ts';

/** Kept free for each thread when rows are added, so that a search never finds the memory full. */
const SEARCH_ROOM = 2 * 1024 * 1024;

/** Puts rows into a store and takes them out; has it learn when that is due. Calls must not overlap. */
export class IvfWriter {
  readonly #store: IvfStore;
  /** Rows that are on their way, those here included: training waits for them. */
  #expected = 0;

  constructor(store: IvfStore) {
    this.#store = store;
  }

  get #searchRoom(): number {
    return SEARCH_ROOM * this.#store.crew.threads.count;
  }

  /** @throws `ERR_MEMORY`, nothing changed */
  reserve(slots: number): void {
    const { rows, memory, shape } = this.#store;
    const more = Math.max(0, slots - rows.capacity);
    memory.reserve(more * (rows.bytesPerSlot + 2 * shape.codeBytes) + this.#searchRoom);
    rows.reserve(slots);
    // Slots above those that were ever in use are for rows to come; free ones below may be or not.
    this.#expected = rows.size + Math.max(0, slots - rows.top);
  }

  /** @throws `ERR_MEMORY`, `ERR_ABORTED`; nothing changed then */
  async set(slots: Uint32Array, values: Float32Array, options?: EngineSetOptions): Promise<void> {
    const store = this.#store;
    const { rows, memory } = store;
    const { dimension } = store.shape;
    if (slots.length === 0) return;
    const pace = new Pace(options?.signal);
    const tell = (done: number): void =>
      options?.onProgress?.({ done: Math.min(done, slots.length), total: slots.length });
    const incoming = incomingRows(rows, slots, values);
    rows.reserve(slotsUpTo(slots));
    memory.reserve(this.#searchRoom);
    store.makeRoom();
    const all = slots.reduce((count, slot) => count + Number(!rows.has(slot)), rows.size);
    const isWhole = all >= this.#expected;
    const longest = longestOf(values, dimension, store.longest);
    const source = (): RowSource => allRows(rows, incoming);
    const place = (): void => {
      slots.forEach((slot, i) => rows.put(slot, values, i));
      store.longest = longest;
    };
    if (isWhole && wantsTraining(store, all)) {
      this.#replace(await store.train(source(), pace, tell), source(), place);
    } else if (!store.trained) place();
    else {
      const { model, lists } = store.trained;
      const coded = await codeRows(model, store.crew, incoming, pace, tell);
      if (isWhole && hasDrifted(store, coded)) {
        this.#replace(await store.train(source(), pace, tell), source(), place);
        return;
      }
      lists.reserve(rows.capacity, countLists(coded, model.partitions));
      for (const slot of slots) if (rows.has(slot)) lists.remove(slot);
      place();
      noteRows(store.trained.fit, coded);
      store.putCoded(coded, incoming);
    }
  }

  remove(slots: Uint32Array): void {
    const { rows, trained } = this.#store;
    for (const slot of slots) {
      if (!rows.has(slot)) continue;
      trained?.lists.remove(slot);
      rows.free(slot);
    }
    this.#expected = 0;
  }

  /** Puts a new model in place, with all rows; `place`: writes those that come in. Throws before anything changed. */
  #replace(recoded: Recoded, source: RowSource, place: () => void): void {
    const lists = this.#store.prepare(recoded);
    place();
    this.#store.replace(recoded, lists, source);
  }
}
