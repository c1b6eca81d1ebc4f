import { SimileError } from '@simile/core/errors';
import type { EngineState, Json, StoredEngineState } from '../contract.ts';
import { bitsSet } from '../slot-bits.ts';
import type { FlatMemory } from './flat-memory.ts';
import type { LiveSlots } from './live-slots.ts';

/** What {@link flatState} writes: docs/formats.md. */
export const FLAT_KIND = 'flat';
/** To be raised whenever codes come out otherwise, by as little as a bit. */
export const FLAT_VERSION = 1;

/** A run of numbers in the memory of the engine that is written as it is. */
export interface FlatSection {
  readonly name: string;
  readonly kind: 'float32' | 'float64' | 'int8' | 'uint32';
  readonly at: number;
  readonly bytes: number;
}

/** What is written beside the sections; finite numbers and texts. */
type Meta = Readonly<Record<string, number | string>>;
interface Store {
  readonly live: LiveSlots;
  readonly memory: FlatMemory;
  reserve(count: number): void;
}

/** Sections, and which slots are in use, as views. */
export function flatState({ live, memory }: Store, meta: Meta, sections: readonly FlatSection[]): EngineState {
  const { u8 } = memory.views;
  const views = new Map(sections.map(({ name, at, bytes }) => [name, u8.subarray(at, at + bytes)]));
  const words = live.bits.subarray(0, wordsFor(live.count));
  views.set('live', new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
  return { kind: FLAT_KIND, version: FLAT_VERSION, meta: { ...meta, count: live.count }, sections: views };
}

/**
 * Reads a state into the memory of an empty store; `sections` says where they lie once there is room. Returns what was written
 * beside them, or undefined for a state with another `meta`, from which nothing is read.
 *
 * @throws `ERR_FILE` for numbers and sizes that cannot be; `ERR_MEMORY`
 */
export async function restoreFlat(
  store: Store,
  expected: Meta,
  stored: StoredEngineState,
  sections: () => readonly FlatSection[],
): Promise<Meta | undefined> {
  const meta = readMeta(stored.meta);
  const count = meta['count'] as number;
  if (Object.entries(expected).some(([name, value]) => meta[name] !== value)) return undefined;
  checkSize(stored, 'live', wordsFor(count) * 4);
  // Before memory grows: so many rows must be there.
  const least = count * 4 * (expected['dimension'] as number);
  const largest = stored.sizes.get('rows') ?? 0;
  if (largest < least) throw damaged(`section rows must have ${least} bytes at least`, largest);
  store.reserve(count);
  const parts = sections();
  for (const { name, bytes } of parts) checkSize(stored, name, bytes);
  const bits = new Uint32Array(wordsFor(count));
  await stored.read('live', new Uint8Array(bits.buffer));
  const { u8 } = store.memory.views;
  for (const { name, at, bytes } of parts) await stored.read(name, u8.subarray(at, at + bytes));
  if (count % 32 !== 0 && bits[bits.length - 1]! >>> (count % 32) !== 0) {
    throw damaged(`slots in use must be below ${count}`, 'others');
  }
  for (const part of parts) {
    if (!isSound(part, store.memory)) throw damaged(`section ${part.name} must hold finite numbers`, 'others');
  }
  store.live.restore(count, bits);
  return meta;
}

/** Whether bits are those of the slots, each of which comes once. */
export function isSameSet(bits: Uint32Array, slots: Uint32Array): boolean {
  let size = 0;
  for (const word of bits) size += bitsSet(word);
  if (size !== slots.length) return false;
  return slots.every((slot) => ((bits[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0);
}

/** An `ERR_FILE` of the flat engine. */
export function damaged(rule: string, got: unknown): SimileError {
  const remedy = 'The file is damaged; take another copy, or add the rows to a new index.';
  return new SimileError({ where: 'flat-engine', rule, got, remedy, code: 'ERR_FILE' });
}

function isSound({ kind, at, bytes }: FlatSection, { exports, views }: FlatMemory): boolean {
  if (kind === 'float64') return views.f64.subarray(at / 8, (at + bytes) / 8).every(Number.isFinite);
  return kind !== 'float32' || exports.areFinite(at, bytes / 4) !== 0;
}

const wordsFor = (count: number): number => Math.ceil(count / 32);

function readMeta(json: Json): Meta {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw damaged('meta must be an object', json);
  const meta = json as Meta;
  for (const [name, value] of Object.entries(meta)) {
    const isOk = typeof value === 'string' || (Number.isFinite(value) && value >= 0);
    if (!isOk) throw damaged(`${name} must be a text or a number from 0`, value);
  }
  const { count } = meta;
  if (!Number.isInteger(count) || (count as number) >= 2 ** 32) throw damaged('count must be a number of slots', count);
  return meta;
}

function checkSize(stored: StoredEngineState, name: string, bytes: number): void {
  const size = stored.sizes.get(name);
  if (size !== bytes) throw damaged(`section ${name} must have ${bytes} bytes`, size ?? 'none');
}
