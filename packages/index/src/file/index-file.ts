import { packSections, section, unpackSections, type Sections } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import { calibrationFromJson, calibrationToJson, type Calibration } from '@simile/metrics';
import type { Id, Label, RecordData, VectorIndex } from '../contract.ts';
import { readDataSections, writeDataSections } from './index-file-data.ts';
import { aligned, broken, bytesOf, readJson } from './index-file-sections.ts';

const KIND = 'index';
const VERSION = 1;
const encoder = new TextEncoder();

/** What a file of an index holds, checked. */
export interface IndexFile {
  readonly metric: string;
  readonly dimension: number | undefined;
  readonly count: number;
  readonly nextId: number;
  /** `[count × dimension]`, in the order of adding. */
  readonly rows: Float32Array;
  readonly ids: readonly Id[];
  readonly labels: readonly (Label | null)[];
  readonly data: readonly (RecordData | undefined)[];
  readonly calibration: Calibration | undefined;
}

/** An index as bytes: docs/formats.md. @throws `ERR_MEMORY` when the host has no room for them */
export function writeIndexFile(index: VectorIndex, nextId: number): Uint8Array {
  const { size: count, metric, dimension, calibration } = index;
  const sections = new Map<string, Uint8Array>();
  const json = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));
  try {
    const rows = new Float32Array(count * (dimension ?? 0));
    const ids: Id[] = [];
    const labels: (Label | null)[] = [];
    const data: (RecordData | undefined)[] = [];
    for (const record of index) {
      rows.set(record.vector, ids.length * dimension!);
      ids.push(record.id);
      labels.push(record.label);
      data.push(record.data);
    }
    sections.set('meta', json({ metric, dimension: dimension ?? null, count, nextId }));
    sections.set('rows', bytesOf(rows));
    writeList(sections, 'ids', ids);
    if (labels.some((label) => label !== null)) writeList(sections, 'labels', labels);
    writeDataSections(sections, data);
    if (calibration) sections.set('calibration', encoder.encode(calibrationToJson(calibration)));
    return packSections({ kind: KIND, version: VERSION, sections });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const remedy = 'Split the index into several.';
    throw new SimileError({
      where: 'index.to-bytes',
      rule: 'the file must fit into memory',
      remedy,
      code: 'ERR_MEMORY',
      cause,
    });
  }
}

/** Reads and checks a file of an index. @throws `ERR_FILE`, saying what is wrong */
export function readIndexFile(bytes: Uint8Array): IndexFile {
  const file = unpackSections(bytes, { kind: KIND, version: VERSION });
  const meta = readJson(file, 'meta') as { metric?: unknown; dimension?: unknown; count?: unknown; nextId?: unknown };
  const { metric, dimension, count, nextId } = meta ?? {};
  if (typeof metric !== 'string') throw broken('meta must name the metric', metric);
  const whole = (value: unknown, least: number): value is number =>
    Number.isSafeInteger(value) && (value as number) >= least;
  if (!whole(count, 0)) throw broken('meta must have the count of records', count);
  if (dimension !== null && !whole(dimension, 1)) throw broken('meta must have a dimension', dimension);
  if (!whole(nextId, 0)) throw broken('meta must have the next id', nextId);
  const rowBytes = section(file, 'rows');
  const expected = count * (dimension ?? 0) * 4;
  if (rowBytes.length !== expected) throw broken(`rows must have ${expected} bytes`, rowBytes.length);
  const calibration = file.sections.get('calibration');
  return {
    metric,
    dimension: dimension ?? undefined,
    count,
    nextId,
    rows: new Float32Array(aligned(rowBytes)),
    ids: readList(file, 'ids', count) as Id[],
    labels: hasList(file, 'labels') ? readList(file, 'labels', count) : Array.from({ length: count }, () => null),
    data: readDataSections(file, count),
    calibration: calibration && calibrationFromJson(new TextDecoder().decode(calibration)),
  };
}

/** Whole-number or null lists as float64 (NaN for null), others as JSON. */
function writeList(sections: Map<string, Uint8Array>, name: string, list: readonly (Label | null)[]): void {
  if (list.every((value) => typeof value !== 'string')) {
    sections.set(
      `${name}.float64`,
      bytesOf(Float64Array.from(list, (value) => (value === null ? NaN : (value as number)))),
    );
  } else {
    sections.set(`${name}.json`, encoder.encode(JSON.stringify(list)));
  }
}

const hasList = (file: Sections, name: string): boolean =>
  file.sections.has(`${name}.float64`) || file.sections.has(`${name}.json`);

function readList(file: Sections, name: string, count: number): (Label | null)[] {
  const numbers = file.sections.get(`${name}.float64`);
  if (numbers) {
    if (numbers.length !== count * 8) throw broken(`${name} must have ${count * 8} bytes`, numbers.length);
    return Array.from(new Float64Array(aligned(numbers)), (value) => (Number.isNaN(value) ? null : value));
  }
  const list = readJson(file, `${name}.json`);
  if (!Array.isArray(list) || list.length !== count) throw broken(`${name} must be a list of ${count}`, list);
  return list as (Label | null)[];
}
