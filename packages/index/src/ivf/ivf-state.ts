import { SimileError } from '@simile/core/errors';
import type { EngineState, Json, StoredEngineState } from '../contract.ts';
import { countSlots } from '../slot-bits.ts';
import { BLOCK_ROWS, WORDS } from './ivf-layout.ts';
import { IvfLists } from './ivf-lists.ts';
import { IvfModel } from './ivf-model.ts';
import { parallelWeight } from './ivf-options.ts';
import { longestOf } from './ivf-search.ts';
import type { Fit, IvfStore } from './ivf-store.ts';

/** What {@link writeState} writes: docs/formats.md. */
export const IVF_KIND = 'ivf';
export const IVF_VERSION = 1;

interface TrainedMeta {
  readonly partitions: number;
  readonly scale: number;
  readonly anisotropic: number;
  readonly fit: Fit;
  readonly biases: { readonly least: number; readonly most: number };
}

interface Meta {
  readonly metric: string;
  readonly dimension: number;
  readonly subspaceSize: number;
  /** Slots there are rows for. */
  readonly slots: number;
  /** Null to go by the number of partitions. */
  readonly probes: number | null;
  /** Null before training. */
  readonly trained: TrainedMeta | null;
}

/** Everything the engine knows. */
export function writeState(store: IvfStore, probes: number | undefined): EngineState {
  const { shape, rows, memory, trained, options, metric } = store;
  const { dimension, subspaceSize, width, stride, subspaces } = shape;
  const slots = lastSlot(rows.live) + 1;
  const view = (at: number, bytes: number): Uint8Array => memory.views.u8.subarray(at, at + bytes);
  const sections = new Map<string, Uint8Array>();
  const live = rows.live.slice(0, (slots + 31) >>> 5);
  sections.set('live', new Uint8Array(live.buffer));
  sections.set('rows', rows.run('floats', slots));
  if (trained) {
    const { model, lists } = trained;
    sections
      .set('int8', rows.run('bytes', slots))
      .set('mean', view(model.mean, stride * 4))
      .set('centroids', view(model.centroids, model.partitions * width * 4))
      .set('words', view(model.codebooks, subspaces * subspaceSize * WORDS * 4))
      .set('counts', new Uint8Array(lists.counts().buffer))
      .set('blocks', lists.blocks());
  }
  const meta: Meta = {
    metric,
    dimension,
    subspaceSize,
    slots,
    probes: probes ?? null,
    trained: trained
      ? {
          partitions: trained.model.partitions,
          scale: trained.model.scale,
          anisotropic: options.anisotropic,
          fit: trained.fit,
          biases: shape.biased ? trained.biases : { least: 0, most: 0 },
        }
      : null,
  };
  return {
    kind: IVF_KIND,
    version: IVF_VERSION,
    meta: meta as unknown as Json,
    sections,
    rows: { section: 'rows', stride: width },
  };
}

/**
 * Goes on from a state, in an empty store: reads it straight into memory, and believes nothing that would lead out of it.
 *
 * @returns Undefined for a state with other options, which is no error: the rows are then given anew
 * @throws `ERR_FILE`; `ERR_MEMORY`
 */
export async function readState(
  store: IvfStore,
  stored: StoredEngineState,
  slots: Uint32Array | undefined,
): Promise<{ readonly probes: number | undefined } | undefined> {
  const { shape, rows, options, metric } = store;
  const meta = readMeta(stored.meta);
  const isSame = meta.metric === metric && meta.dimension === shape.dimension;
  if (!isSame || meta.subspaceSize !== shape.subspaceSize) return undefined;
  const { trained } = meta;
  if (trained && options.partitions !== undefined && options.partitions !== trained.partitions) return undefined;
  const { width, stride, subspaces, subspaceSize, byteStride } = shape;
  const expect = (name: string, bytes: number): void => {
    const size = stored.sizes.get(name);
    if (size !== bytes) throw damaged(`section ${name} must have ${bytes} bytes`, size);
  };
  const words = (meta.slots + 31) >>> 5;
  expect('live', words * 4);
  expect('rows', meta.slots * width * 4);
  if (trained) {
    expect('int8', meta.slots * byteStride);
    expect('mean', stride * 4);
    expect('centroids', trained.partitions * width * 4);
    expect('words', subspaces * subspaceSize * WORDS * 4);
    expect('counts', trained.partitions * 4);
  }
  rows.reserve(meta.slots);
  store.makeRoom();
  const live = new Uint32Array(words);
  await stored.read('live', new Uint8Array(live.buffer));
  // `run` gives views of the memory, as chunks made together lie side by side.
  await stored.read('rows', rows.run('floats', meta.slots));
  checkLive(live, meta.slots, slots);
  rows.live.set(live);
  rows.size = countSlots(live, live);
  checkRows(store, meta.slots);
  if (trained) await readTrained(store, stored, trained, meta.slots);
  return { probes: meta.probes ?? undefined };
}

async function readTrained(
  store: IvfStore,
  stored: StoredEngineState,
  meta: TrainedMeta,
  slots: number,
): Promise<void> {
  const { shape, rows, memory, options, metric } = store;
  const { width, stride, subspaces, subspaceSize, blockBytes, dimension } = shape;
  await stored.read('int8', rows.run('bytes', slots));
  const model = new IvfModel(rows, memory, meta.partitions, parallelWeight(options.anisotropic, dimension, metric));
  const counts = new Uint32Array(meta.partitions);
  await stored.read('counts', new Uint8Array(counts.buffer));
  let blocks = 0;
  let held = 0;
  for (const count of counts) {
    held += count;
    blocks += Math.ceil(count / BLOCK_ROWS);
  }
  if (held !== rows.size) throw damaged('lists must hold every row once', held);
  const size = stored.sizes.get('blocks');
  if (size !== blocks * blockBytes) throw damaged(`section blocks must have ${blocks * blockBytes} bytes`, size);
  const at = memory.allocate(blocks * blockBytes);
  const lists = new IvfLists(shape, memory, meta.partitions, model.layout);
  const view = (from: number, bytes: number): Uint8Array => memory.views.u8.subarray(from, from + bytes);
  await stored.read('mean', view(model.mean, stride * 4));
  await stored.read('centroids', view(model.centroids, meta.partitions * width * 4));
  await stored.read('words', view(model.codebooks, subspaces * subspaceSize * WORDS * 4));
  await stored.read('blocks', view(at, blocks * blockBytes));
  checkFinite(store, 'mean', model.mean, stride);
  checkFinite(store, 'centroids', model.centroids, meta.partitions * width);
  checkFinite(store, 'words', model.codebooks, subspaces * subspaceSize * WORDS);
  if (!lists.adopt(at, counts, rows.live)) throw damaged('lists must hold every row once');
  if (shape.biased) checkBiases(store, at, counts);
  model.setScale(meta.scale);
  model.pack();
  const { least, most } = meta.biases;
  memory.write(model.layout, { lists: lists.table, leastBias: least, mostBias: most });
  store.trained = {
    model,
    lists,
    fit: { ...meta.fit, since: { ...meta.fit.since } },
    biases: shape.biased ? { least, most } : { least: Infinity, most: -Infinity },
  };
}

/** @throws `ERR_FILE` */
function readMeta(json: Json): Meta {
  const meta = (json ?? {}) as unknown as Partial<Meta>;
  const { slots, probes, trained } = meta;
  if (!isWhole(slots, 0, 2 ** 31)) throw damaged('slots must be a number of slots', slots);
  if (probes !== null && !isWhole(probes, 1, 65_536)) throw damaged('probes must be null or from 1 to 65,536', probes);
  if (trained === null) return meta as Meta;
  const { partitions, scale, fit, biases } = trained ?? {};
  if (!isWhole(partitions, 1, 65_536)) throw damaged('partitions must be from 1 to 65,536', partitions);
  const numbers = [scale, fit?.rows, fit?.error, fit?.crowding, fit?.since?.rows, fit?.since?.error];
  if (!numbers.every((value) => isFiniteNumber(value) && value >= 0))
    throw damaged('scale and fit must be numbers from 0');
  if (!isFiniteNumber(biases?.least) || !isFiniteNumber(biases.most) || biases.most < biases.least) {
    throw damaged('biases must be a range');
  }
  return meta as Meta;
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** Slots of rows must be below `slots`, and those of records where they are told. */
function checkLive(live: Uint32Array, slots: number, records: Uint32Array | undefined): void {
  if (lastSlot(live) >= slots) throw damaged('rows must be at slots that there are', lastSlot(live));
  if (!records) return;
  const wanted = new Uint32Array(live.length);
  for (const slot of records) {
    if (slot >>> 5 >= live.length) throw damaged('every record must have a row', slot);
    wanted[slot >>> 5]! |= 1 << (slot & 31);
  }
  if (!wanted.every((bits, word) => bits === live[word])) throw damaged('rows must be those of the records');
}

function checkRows(store: IvfStore, slots: number): void {
  const { rows, shape, memory } = store;
  const values = rows.run('floats', slots);
  if (slots > 0) checkFinite(store, 'rows', values.byteOffset, slots * shape.width);
  const { f32 } = memory.views;
  const at = values.byteOffset / 4;
  store.longest = longestOf(f32.subarray(at, at + slots * shape.width), shape.width, 0);
}

/** Biases of rows must be numbers; those beyond their range would only be looked at last. */
function checkBiases(store: IvfStore, at: number, counts: Uint32Array): void {
  const { f32 } = store.memory.views;
  for (const count of counts) {
    for (let place = 0; place < count; place++) {
      const block = at + Math.floor(place / BLOCK_ROWS) * store.shape.blockBytes;
      if (!Number.isFinite(f32[block / 4 + BLOCK_ROWS + (place % BLOCK_ROWS)])) throw damaged('biases must be finite');
    }
    at += Math.ceil(count / BLOCK_ROWS) * store.shape.blockBytes;
  }
}

function checkFinite(store: IvfStore, name: string, at: number, count: number): void {
  if (!store.memory.exports.areFinite(at, count)) throw damaged(`section ${name} must hold finite numbers`);
}

function lastSlot(live: Uint32Array): number {
  for (let word = live.length - 1; word >= 0; word--)
    if (live[word] !== 0) return word * 32 + 31 - Math.clz32(live[word]!);
  return -1;
}

function damaged(rule: string, got?: unknown): SimileError {
  const remedy = 'The file was not written by toBytes, or is damaged; write it again.';
  return new SimileError({ where: 'ivf-engine', rule, got, remedy, code: 'ERR_FILE' });
}
