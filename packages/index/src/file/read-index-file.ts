import { openSections, type ByteSource, type StoredSections } from '@simile/core/container';
import { calibrationFromJson } from '@simile/metrics';
import type { EngineStateRows, Json, StoredEngineState } from '../contract.ts';
import { checkDiffer, readColumns } from './index-columns.ts';
import { ENGINE, KIND, SLOTS_ALWAYS, VERSION, type IndexFile } from './index-file.ts';
import { asFileError, broken, isWhole, numbersOf, parseJson } from './index-file-sections.ts';
import { readRows } from './read-rows.ts';
import { readVersion1 } from './read-version-1.ts';

interface Meta {
  readonly metric: string;
  readonly dimension: number | undefined;
  readonly count: number;
  readonly nextId: number;
  readonly engine: { kind: string; version: number; meta: Json; rows?: EngineStateRows } | undefined;
  readonly generation: string | undefined;
  readonly previous: string | undefined;
}

/**
 * Reads and checks a file of an index: everything but the rows and the state of the engine, which are read when they are
 * asked for.
 *
 * @throws `ERR_FILE`, saying what is wrong
 */
export async function readIndexFile(source: ByteSource): Promise<IndexFile> {
  const file = await openSections(source, { kind: KIND, version: VERSION });
  const sections = new Map<string, Uint8Array>();
  const later = (name: string): boolean => name === 'rows' || name.startsWith(ENGINE);
  const names = [...file.sizes.keys()].filter((name) => !later(name));
  await Promise.all(names.map(async (name) => void sections.set(name, await file.read(name))));
  const meta = readMeta(parseJson(sections.get('meta'), 'meta'));
  const { metric, dimension, count, nextId, previous } = meta;
  // A file that no store wrote is known by what is in it.
  const generation = meta.generation ?? `file-${file.checksum.toString(16)}-${source.size.toString(16)}`;
  if (count > 0 && dimension === undefined) throw broken('meta must have a dimension', null);
  // Engines make room by the dimension before they see a row, and none keeps less than a bit a value.
  if (count > 0 && dimension! > 8 * source.size) throw broken(`rows of ${dimension} values must fit into the file`);
  const calibration = sections.get('calibration');
  const shared = {
    metric,
    dimension,
    generation,
    previous,
    calibration: calibration && calibrationFromJson(new TextDecoder().decode(calibration)),
  };
  if (file.version === 1) {
    const columns = { ...(await asFileError(() => readVersion1(sections, count))), nextId, slots: undefined };
    return { ...shared, columns, engine: undefined, rows: () => readRows(file, count, dimension ?? 0) };
  }
  const engine = meta.engine && engineState(file, meta.engine);
  const slots = engine ? readSlots(file, sections.get('slots'), count) : undefined;
  return {
    ...shared,
    columns: { ...readColumns(sections, count), nextId, slots },
    engine,
    rows: () => readRows(file, count, dimension ?? 0, meta.engine, slots),
  };
}

function readMeta(value: unknown): Meta {
  const { metric, dimension, count, nextId, engine, generation, previous } = (value ?? {}) as Record<string, unknown>;
  if (typeof metric !== 'string') throw broken('meta must name the metric', metric);
  if (!isWhole(count, 0)) throw broken('meta must have the count of records', count);
  if (dimension !== null && !isWhole(dimension, 1)) throw broken('meta must have a dimension', dimension);
  if (!isWhole(nextId, 0)) throw broken('meta must have the next id', nextId);
  for (const text of [generation, previous]) {
    if (text !== undefined && typeof text !== 'string') throw broken('generations must be texts', text);
  }
  if (engine !== undefined) {
    const { kind, version } = (engine ?? {}) as Record<string, unknown>;
    if (typeof kind !== 'string' || !isWhole(version, 1)) throw broken('meta must name the engine', engine);
  }
  return { ...(value as Meta), dimension: dimension ?? undefined };
}

function engineState(file: StoredSections, { kind, version, meta }: NonNullable<Meta['engine']>): StoredEngineState {
  const sizes = new Map<string, number>();
  for (const [name, size] of file.sizes) if (name.startsWith(ENGINE)) sizes.set(name.slice(ENGINE.length), size);
  const read = async (name: string, into: Uint8Array): Promise<void> => void (await file.read(ENGINE + name, into));
  const { readNow } = file;
  const now = readNow && ((name: string, at: number, into: Uint8Array): void => readNow(ENGINE + name, at, into));
  return { kind, version, meta: meta ?? null, sizes, read, readNow: now };
}

/** Undefined where record `i` is at slot `i`. */
function readSlots(file: StoredSections, bytes: Uint8Array | undefined, count: number): Uint32Array | undefined {
  if (!bytes) return undefined;
  const slots = numbersOf(bytes, Uint32Array, 'slots', count);
  let engineBytes = 0;
  for (const [name, size] of file.sizes) if (name.startsWith(ENGINE)) engineBytes += size;
  const limit = Math.max(engineBytes, SLOTS_ALWAYS);
  for (const slot of slots) if (slot >= limit) throw broken(`slots must be below ${limit}`, slot);
  checkDiffer(slots, 'slots');
  return slots;
}
