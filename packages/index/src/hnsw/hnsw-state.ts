import type { EngineState, Json, StoredEngineState } from '../contract.ts';
import { NONE } from './hnsw-layout.ts';
import { LateRows } from '../late-rows.ts';
import { damaged, readMeta, type HnswMeta } from './hnsw-meta.ts';
import type { HnswSearchEngine } from './hnsw-search-engine.ts';

/** What {@link writeState} writes: docs/formats.md. */
export const HNSW_KIND = 'hnsw';
export const HNSW_VERSION = 1;

/** Best nodes that a search may keep while rows are still on their way. */
export const LATE_FOUND = 1024;
/** Regions that are written as they are. */
const REGIONS = ['links', 'codes', 'upper-at', 'levels', 'live', 'rows'] as const;

/** Everything the engine knows, as views of its memory. */
export function writeState(engine: HnswSearchEngine): EngineState {
  const { graph, options, effort } = engine;
  const { nodes, book, upperCount } = engine.writer;
  const { memory, count, entry, topLevel, reach } = graph;
  const { threads: _, ...graphOptions } = graph.options;
  const meta: HnswMeta = {
    ...graphOptions,
    seed: options.seed,
    efSearch: effort.value,
    count,
    entry,
    topLevel,
    reach,
    upperCount,
    book: book.toJson(),
  };
  const sections = new Map<string, Uint8Array>();
  for (const name of REGIONS) if (memory.regions.has(name)) sections.set(name, memory.section(name, count));
  sections.set('upper', memory.views.u8.subarray(memory.at('upper'), memory.at('upper') + upperCount * 4));
  sections.set('mean', memory.views.u8.subarray(graph.mean, graph.mean + graph.width * 4));
  sections.set('sums', bytesOf(book.sums));
  sections.set('slots', bytesOf(nodes.toSlots()));
  const rows = graph.hasRows ? { section: 'rows', stride: graph.rowShape.stride / 4, slots: 'slots' } : undefined;
  return { kind: HNSW_KIND, version: HNSW_VERSION, meta: meta as unknown as Json, sections, ...(rows && { rows }) };
}

/** Goes on from a state: reads it straight into memory, and checks that no number in it leads out of it. @throws `ERR_FILE`, `ERR_MEMORY` */
export async function readState(engine: HnswSearchEngine, stored: StoredEngineState, mostSlots: number): Promise<void> {
  const { graph } = engine;
  const { memory, options } = graph;
  const meta = readMeta(stored.meta, options);
  if (!meta) return; // made with other options: the graph is built anew from the rows
  const { count, upperCount } = meta;
  const hasRows = stored.sizes.has('rows');
  if (!hasRows && engine.writer.keepsRows) return;
  if (hasRows !== graph.hasRows) graph.dropRows();
  const expected = new Map<string, number>();
  for (const name of REGIONS)
    if (memory.regions.has(name)) expected.set(name, memory.regions.get(name)!.bytesFor(count));
  expected
    .set('upper', upperCount * 4)
    .set('mean', graph.width * 4)
    .set('sums', graph.options.dimension * 8);
  expected.set('slots', count * 4);
  for (const [name, bytes] of expected) {
    const size = stored.sizes.get(name);
    if (size !== bytes) throw damaged(`section ${name} must have ${bytes} bytes`, size);
  }
  graph.reserve(count, upperCount, true);
  // Codes are there to search by, and no other thread does.
  const late = hasRows && memory.regions.has('codes') && options.threads === 1 && LateRows.isFor(stored, count);
  if (late) graph.reserveScratch({ found: LATE_FOUND, hits: LATE_FOUND });
  graph.count = count;
  Object.assign(graph, { entry: meta.entry, topLevel: meta.topLevel, reach: meta.reach });
  graph.write();
  const slots = new Uint32Array(count);
  const sums = new Float64Array(graph.options.dimension);
  const { u8 } = memory.views;
  const places = new Map([...expected.keys()].map((name) => [name, placeOf(name)]));
  // What is checked comes first; while it is, the rest is on its way. Rows may come after that.
  const unchecked = new Set(['codes', 'rows']);
  const read = (ofRest: boolean): Promise<void[]> =>
    Promise.all(
      [...places]
        .filter(([name]) => unchecked.has(name) === ofRest && !(late && name === 'rows'))
        .map(([name, into]) => stored.read(name, into)),
    );
  const [checked, rest] = [read(false), read(true)];
  rest.catch(() => undefined); // told by the await below, if nothing else is wrong before
  await checked;
  check(engine, meta, slots, sums, mostSlots);
  await rest;
  if (late) engine.late = new LateRows(stored, places.get('rows')!, graph.rowShape.stride);
  engine.writer.upperCount = upperCount;
  engine.effort.value = meta.efSearch;
  engine.writer.book.restore(meta.book, sums);

  function placeOf(name: string): Uint8Array {
    if (name === 'slots') return new Uint8Array(slots.buffer);
    if (name === 'sums') return new Uint8Array(sums.buffer);
    if (name === 'mean') return u8.subarray(graph.mean, graph.mean + graph.width * 4);
    const { at } = memory.regions.get(name)!;
    return u8.subarray(at, at + expected.get(name)!);
  }
}

function check(
  engine: HnswSearchEngine,
  { entry, topLevel, upperCount, count }: HnswMeta,
  slots: Uint32Array,
  sums: Float64Array,
  mostSlots: number,
): void {
  const { graph } = engine;
  const { nodes } = engine.writer;
  const { memory } = graph;
  if (!nodes.fromSlots(slots, mostSlots)) throw damaged('slots of nodes must differ, and be those of records');
  const bits = memory.section('live', count);
  for (let node = 0; node < bits.length * 8; node++) {
    const isLive = ((bits[node >>> 3]! >>> (node & 7)) & 1) === 1;
    if (isLive !== (node < count && slots[node] !== NONE)) throw damaged('live nodes must be those with a slot', node);
  }
  if (!memory.exports.areLinksValid(graph.graph, upperCount)) throw damaged('links must lead to nodes');
  if (count > 0 && memory.section('levels', count)[entry]! < topLevel)
    throw damaged('the entry must be on the top level');
  const mean = memory.views.f32.subarray(graph.mean / 4, graph.mean / 4 + graph.width);
  if (!mean.every(Number.isFinite) || !sums.every(Number.isFinite)) throw damaged('the mean must be finite');
}

const bytesOf = (list: Uint32Array | Float64Array): Uint8Array =>
  new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
