import type { StoredSections } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import type { EngineStateRows } from '../contract.ts';
import { dealSlots } from '../workers/deal-slots.ts';
import { broken, isWhole } from './index-file-sections.ts';
import { ENGINE } from './index-file.ts';

/** Rows in the order of the records, from where the file has them. @throws `ERR_FILE` */
export async function readRows(
  file: StoredSections,
  count: number,
  dimension: number,
  engine?: { readonly kind: string; readonly rows?: EngineStateRows },
  slots?: Uint32Array,
): Promise<Float32Array> {
  const inEngine = engine && !file.sizes.has('rows') ? engine : undefined;
  if (inEngine && !inEngine.rows) {
    throw new SimileError({
      where: 'index-from-bytes',
      rule: `the file must be opened with the engine that wrote it, ${inEngine.kind}, which alone knows its rows`,
      remedy: 'Give that engine as an option.',
      code: 'ERR_FILE',
    });
  }
  const layout = inEngine?.rows;
  const rows =
    layout?.shards === undefined
      ? await readPart(file, count, dimension, layout && { ...layout, prefix: ENGINE }, slots)
      : await readShards(file, count, dimension, layout, layout.shards, slots);
  for (let i = 0; i < rows.length; i++) {
    if (!Number.isFinite(rows[i])) throw broken(`row ${Math.floor(i / dimension)} must be finite`, rows[i]);
  }
  return rows;
}

/** Rows that were dealt to shards, put together again. */
async function readShards(
  file: StoredSections,
  count: number,
  dimension: number,
  layout: EngineStateRows,
  shards: number,
  slots?: Uint32Array,
): Promise<Float32Array> {
  if (!isWhole(shards, 1) || shards > file.sizes.size) throw broken('each shard must have sections', shards);
  const rows = new Float32Array(count * dimension);
  const all = slots ?? Uint32Array.from({ length: count }, (_, record) => record);
  for (const { shard, slots: own, places } of dealSlots(all, shards)) {
    const part = await readPart(file, own.length, dimension, { ...layout, prefix: `${ENGINE}${shard}.` }, own);
    places.forEach((record, i) => rows.set(part.subarray(i * dimension, (i + 1) * dimension), record * dimension));
  }
  return rows;
}

/** Rows of one section: of an engine, where it says, or those of the file itself. */
async function readPart(
  file: StoredSections,
  count: number,
  dimension: number,
  engine: (EngineStateRows & { readonly prefix: string }) | undefined,
  slots?: Uint32Array,
): Promise<Float32Array> {
  const { section = '', lanes = 1, stride = dimension, slots: places, prefix = '' } = engine ?? {};
  const name = engine ? prefix + section : 'rows';
  const size = file.sizes.get(name) ?? 0;
  const least = count * dimension * 4;
  if (count > 0 && !file.sizes.has(name)) throw broken(`there must be a section ${name}`);
  if (engine ? size < least || size % 4 !== 0 : size !== least) throw broken(`rows must have ${least} bytes`, size);
  if (!isWhole(lanes, 1)) throw broken('lanes of rows must be a whole number from 1', lanes);
  if (!isWhole(stride, dimension)) throw broken(`rows must be at least ${dimension} numbers apart`, stride);
  if (count === 0) return new Float32Array();
  const all = new Float32Array(size / 4);
  await file.read(name, new Uint8Array(all.buffer));
  const placeOf = places === undefined ? undefined : await readPlaces(file, prefix + places);
  if (!engine || !(slots || placeOf || lanes !== 1 || stride !== dimension)) return all.subarray(0, count * dimension);
  return gather(all, count, { dimension, lanes, stride }, (record) => {
    const slot = slots ? slots[record]! : record;
    return placeOf ? (placeOf.get(slot) ?? Infinity) : slot;
  });
}

function gather(
  all: Float32Array,
  count: number,
  { dimension, lanes, stride }: { dimension: number; lanes: number; stride: number },
  placeOf: (record: number) => number,
): Float32Array {
  const rows = new Float32Array(count * dimension);
  for (let record = 0; record < count; record++) {
    const place = placeOf(record);
    const lane = place % lanes;
    const first = (place - lane) * stride + lane;
    if (!(first + (dimension - 1) * lanes < all.length)) throw broken('rows of all slots must be there', record);
    for (let j = 0; j < dimension; j++) rows[record * dimension + j] = all[first + j * lanes]!;
  }
  return rows;
}

/** Places by slot, from the slots by place. @throws `ERR_FILE` */
async function readPlaces(file: StoredSections, name: string): Promise<Map<number, number>> {
  const size = file.sizes.get(name);
  if (size === undefined || size % 4 !== 0) throw broken(`section ${name} must have a slot a place`, size);
  const slots = new Uint32Array(size / 4);
  await file.read(name, new Uint8Array(slots.buffer));
  return new Map(Array.from(slots, (slot, place) => [slot, place]));
}
