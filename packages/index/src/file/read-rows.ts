import type { StoredSections } from '@simile/core/container';
import type { EngineStateRows } from '../contract.ts';
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
    throw broken(`rows are kept by the engine ${inEngine.kind} alone, so the file must be opened with it`);
  }
  const { section = '', lanes = 1 } = inEngine?.rows ?? {};
  const name = inEngine ? ENGINE + section : 'rows';
  const size = file.sizes.get(name) ?? 0;
  const least = count * dimension * 4;
  if (count > 0 && !file.sizes.has(name)) throw broken(`there must be a section ${name}`);
  if (inEngine ? size < least || size % 4 !== 0 : size !== least) throw broken(`rows must have ${least} bytes`, size);
  if (!isWhole(lanes, 1)) throw broken('lanes of rows must be a whole number from 1', lanes);
  if (count === 0) return new Float32Array();
  const all = new Float32Array(size / 4);
  await file.read(name, new Uint8Array(all.buffer));
  const rows =
    inEngine && (slots || lanes !== 1)
      ? gather(all, count, dimension, lanes, slots)
      : all.subarray(0, count * dimension);
  for (let i = 0; i < rows.length; i++) {
    if (!Number.isFinite(rows[i])) throw broken(`row ${Math.floor(i / dimension)} must be finite`, rows[i]);
  }
  return rows;
}

function gather(
  all: Float32Array,
  count: number,
  dimension: number,
  lanes: number,
  slots: Uint32Array | undefined,
): Float32Array {
  const rows = new Float32Array(count * dimension);
  for (let record = 0; record < count; record++) {
    const slot = slots ? slots[record]! : record;
    const lane = slot % lanes;
    const first = (slot - lane) * dimension + lane;
    if (first + (dimension - 1) * lanes >= all.length) throw broken('rows of all slots must be there', slot);
    for (let j = 0; j < dimension; j++) rows[record * dimension + j] = all[first + j * lanes]!;
  }
  return rows;
}
