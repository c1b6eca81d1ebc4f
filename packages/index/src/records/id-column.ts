import { SimileError } from '@simile/core/errors';
import type { Id } from '../contract.ts';

/**
 * Id of each slot. Takes no memory while every id is the number of its slot, 8 bytes a record while all are numbers, and has
 * no table for looking ids up before one is looked up that could be in use.
 */
export class IdColumn {
  /** Next id to give out: above every whole number in use, ever. */
  nextId = 0;
  /** Undefined while ids are the numbers of their slots. */
  #values: Float64Array | (Id | undefined)[] | undefined;
  #slots: Map<Id, number> | undefined;
  readonly #holds: (slot: number) => boolean;
  /** Slots written so far. */
  #length = 0;

  /** @param holds Whether a slot holds a record */
  constructor(holds: (slot: number) => boolean) {
    this.#holds = holds;
  }

  /** Ids by slot; undefined where each is the number of its slot. */
  get values(): ArrayLike<Id | undefined> | undefined {
    return this.#values;
  }

  at(slot: number): Id {
    return this.#values ? this.#values[slot]! : slot;
  }

  slotOf(id: Id): number | undefined {
    if (typeof id === 'number' && id >= this.nextId) return undefined;
    if (!this.#values) return typeof id === 'number' && this.#holds(id) ? id : undefined;
    this.#slots ??= this.#table();
    return this.#slots.get(id);
  }

  set(slot: number, id: Id): void {
    this.#length = Math.max(this.#length, slot + 1);
    if (this.#values || id !== slot) this.#write(slot, id);
    this.#slots?.set(id, slot);
    if (typeof id === 'number' && id >= this.nextId) this.nextId = id + 1;
  }

  /** Forgets the id of a slot that is about to be free. */
  delete(slot: number): void {
    this.#slots?.delete(this.at(slot));
    if (this.#values && !(this.#values instanceof Float64Array)) this.#values[slot] = undefined;
  }

  /** Gives slot `i` the id of slot `from[i]`. */
  renumber(from: Uint32Array): void {
    this.#slots = undefined;
    this.#length = from.length;
    if (!this.#values) {
      if (from.every((slot, i) => slot === i)) return;
      this.#values = Float64Array.from(from);
      return;
    }
    const values = this.#values;
    this.#values =
      values instanceof Float64Array
        ? Float64Array.from(from, (slot) => values[slot]!)
        : Array.from(from, (slot) => values[slot]);
  }

  /** Takes the ids of a file, by slot. */
  load(values: ArrayLike<Id | undefined> | undefined, length: number, nextId: number): void {
    this.#length = length;
    this.nextId = nextId;
    this.#slots = undefined;
    if (!values || values instanceof Float64Array) this.#values = values;
    else this.#values = Array.from(values);
  }

  #write(slot: number, id: Id): void {
    this.#values ??= Float64Array.from({ length: Math.max(this.#length, 16) }, (_, at) => at);
    if (typeof id === 'string' && this.#values instanceof Float64Array) {
      this.#values = Array.from(this.#values.subarray(0, this.#length));
    }
    if (this.#values instanceof Float64Array && slot >= this.#values.length) {
      const grown = new Float64Array(Math.ceil(Math.max(slot + 1, this.#values.length * 1.5)));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[slot] = id;
  }

  #table(): Map<Id, number> {
    const slots = new Map<Id, number>();
    for (let slot = 0; slot < this.#length; slot++) {
      if (!this.#holds(slot)) continue;
      const id = this.at(slot);
      if (slots.has(id)) throw twice(id);
      slots.set(id, slot);
    }
    return slots;
  }
}

/** Only a file can bring an id twice. */
function twice(id: Id): SimileError {
  return new SimileError({
    where: 'index-from-bytes',
    rule: 'ids must differ',
    got: id,
    remedy: 'The file was not written by toBytes; write it again.',
    code: 'ERR_FILE',
  });
}
