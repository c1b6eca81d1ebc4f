import { SimileError } from '@simile/core/errors';
import type { Id } from '../contract.ts';

/** Sizes and places of 8 bytes, two numbers of 4, four of 8: what `HierarchicalNSW::saveIndex` writes first, on 64-bit machines. */
const HEADER = 96;
/** In the third byte of an element's count of links. */
const DELETED = 1;

/** What an index file of hnswlib holds. */
export interface HnswlibFile {
  readonly dimension: number;
  /** Labels as ids, of elements that are not marked as deleted. */
  readonly ids: readonly Id[];
  /** `[ids.length × dimension]`, as hnswlib keeps them: of length 1 for its space `cosine`. */
  readonly rows: Float32Array;
  /** Elements marked as deleted, which are left out. */
  readonly deleted: number;
}

interface Layout {
  readonly count: number;
  /** Bytes of an element: links of the lowest level, row, label. */
  readonly stride: number;
  readonly rowAt: number;
  readonly labelAt: number;
  /** Bytes of the links of an element on a level above. */
  readonly linkBytes: number;
}

/**
 * Reads an index file of hnswlib: `saveIndex` in C++ and Python, `writeIndex` of hnswlib-node. Trusts nothing: sizes are held
 * against each other and the bytes there are.
 *
 * @throws `ERR_FILE`, saying what is wrong
 */
export function readHnswlib(bytes: Uint8Array): HnswlibFile {
  const layout = readLayout(bytes);
  const { count, stride, rowAt, labelAt } = layout;
  checkUpperLevels(bytes, layout);
  const dimension = (labelAt - rowAt) / 4;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ids: Id[] = [];
  const seen = new Set<Id>();
  const all = new Uint8Array(count * dimension * 4);
  for (let element = 0; element < count; element++) {
    const at = HEADER + element * stride;
    if (bytes[at + 2]! & DELETED) continue;
    const label = view.getBigUint64(at + labelAt, true);
    const id = label <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(label) : String(label);
    if (seen.has(id)) throw hnswlibError('labels must differ', id);
    seen.add(id);
    all.set(bytes.subarray(at + rowAt, at + labelAt), ids.length * dimension * 4);
    ids.push(id);
  }
  const rows = new Float32Array(all.buffer, 0, ids.length * dimension);
  const wrong = rows.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1) throw hnswlibError(`row ${Math.floor(wrong / dimension)} must be finite`, rows[wrong]);
  return { dimension, ids, rows, deleted: count - ids.length };
}

function readLayout(bytes: Uint8Array): Layout {
  if (bytes.length < HEADER) throw hnswlibError(`a file of hnswlib has at least ${HEADER} bytes`, bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = (at: number): number => Number(view.getBigUint64(at, true));
  const [begin, most, count, stride, labelAt, rowAt] = [0, 8, 16, 24, 32, 40].map(size) as [
    number,
    number,
    number,
    number,
    number,
    number, // prettier-ignore
  ];
  const linkBytes = 4 + 4 * size(56);
  const rules: [string, boolean, unknown][] = [
    ['elements must begin at the lowest level', begin === 0, begin],
    ['elements must not be more than there is room for', count <= most, count],
    ['rows must lie after the links of the lowest level', rowAt === 4 + 4 * size(64), rowAt],
    ['rows must be of float32', labelAt > rowAt && (labelAt - rowAt) % 4 === 0, labelAt - rowAt],
    ['labels must end an element', stride === labelAt + 8, stride],
    ['elements must fit into the file', count * stride <= bytes.length - HEADER, count],
  ];
  const broken = rules.find(([, holds]) => !holds);
  if (broken) throw hnswlibError(broken[0], broken[2]);
  return { count, stride, rowAt, labelAt, linkBytes };
}

/** After the elements, for each one the links of its levels above, which are not used but tell whether the file is whole. */
function checkUpperLevels(bytes: Uint8Array, { count, stride, linkBytes }: Layout): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = HEADER + count * stride;
  for (let element = 0; element < count; element++) {
    if (at + 4 > bytes.length) throw hnswlibError('links of the upper levels must be there', bytes.length);
    const length = view.getUint32(at, true);
    if (length % linkBytes !== 0) throw hnswlibError(`links of a level must have ${linkBytes} bytes`, length);
    at += 4 + length;
  }
  if (at !== bytes.length) throw hnswlibError(`the file must end after its links, at byte ${at}`, bytes.length);
}

function hnswlibError(rule: string, got: unknown): SimileError {
  const remedy =
    'Give a file that hnswlib wrote on a 64-bit machine, of float32 vectors; write it again if it was cut short.';
  return new SimileError({ where: 'import-hnswlib', rule, got, remedy, code: 'ERR_FILE' });
}
