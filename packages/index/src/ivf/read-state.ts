import type { StoredEngineState } from '../contract.ts';
import { LateRows } from '../late-rows.ts';
import { countSlots } from '../slot-bits.ts';
import { BLOCK_ROWS, WORDS } from './ivf-layout.ts';
import { IvfLists } from './ivf-lists.ts';
import { IvfModel } from './ivf-model.ts';
import { parallelWeight } from './ivf-options.ts';
import type { IvfStore } from './ivf-store.ts';
import { checkBiases, checkFinite, checkLive, checkRows } from './state-checks.ts';
import { damaged, readMeta, type TrainedMeta } from './ivf-state.ts';

/** What stood in a state beside what is in the store now. */
export interface ReadState {
  readonly probes: number | undefined;
  readonly slots: number;
  /** Whether the float32 rows have not been read: they may come later. */
  readonly isLate: boolean;
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
): Promise<ReadState | undefined> {
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
  const isLate = trained !== null && LateRows.isFor(stored, meta.slots);
  // `run` gives views of the memory, as chunks made together lie side by side.
  if (!isLate) await stored.read('rows', rows.run('floats', meta.slots));
  checkLive(live, meta.slots, slots);
  rows.live.set(live);
  rows.size = countSlots(live, live);
  rows.top = meta.slots;
  if (!isLate) checkRows(store, meta.slots);
  if (trained) await readTrained(store, stored, trained, meta.slots);
  return { probes: meta.probes ?? undefined, slots: meta.slots, isLate };
}

async function readTrained(
  store: IvfStore,
  stored: StoredEngineState,
  meta: TrainedMeta,
  slots: number,
): Promise<void> {
  const { shape, rows, memory, options, metric } = store;
  const { width, stride, subspaces, subspaceSize, blockBytes, dimension } = shape;
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
  await Promise.all([
    stored.read('blocks', view(at, blocks * blockBytes)),
    stored.read('mean', view(model.mean, stride * 4)),
    stored.read('centroids', view(model.centroids, meta.partitions * width * 4)),
    stored.read('words', view(model.codebooks, subspaces * subspaceSize * WORDS * 4)),
    stored.read('int8', rows.run('bytes', slots)),
  ]);
  checkFinite(store, 'mean', model.mean, stride);
  checkFinite(store, 'centroids', model.centroids, meta.partitions * width);
  checkFinite(store, 'words', model.codebooks, subspaces * subspaceSize * WORDS);
  if (!lists.adopt(at, counts, rows.live)) throw damaged('lists must hold every row once');
  if (shape.biased) checkBiases(store, at, counts);
  model.setScale(meta.scale);
  model.pack();
  const { least, most } = meta.biases;
  memory.write('layout', model.layout, { lists: lists.table, leastBias: least, mostBias: most });
  store.trained = {
    model,
    lists,
    fit: { ...meta.fit, since: { ...meta.fit.since } },
    biases: shape.biased ? { least, most } : { least: Infinity, most: -Infinity },
  };
}
