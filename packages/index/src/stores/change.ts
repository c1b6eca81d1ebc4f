import { sectionParts, unpackSections, type SectionSource } from '@simile/core/container';
import { calibrationFromJson, calibrationToJson, type Calibration } from '@simile/metrics';
import type { Id, Label, RecordData } from '../contract.ts';
import { readColumns, writeColumns } from '../file/index-columns.ts';
import { broken, bytesOf, isWhole, jsonBytes, numbersOf, parseJson } from '../file/index-file-sections.ts';

import type { RecordParts } from '../records/read-records.ts';
import type { Rows } from '../records/read-vectors.ts';

/** Records with their rows, added or put in the place of those with the same ids. */
export interface PutChange {
  readonly change: 'put';
  readonly ids: readonly Id[];
  readonly labels: readonly (Label | null)[];
  readonly data: readonly (RecordData | undefined)[];
  /** `[ids.length × dimension]` */
  readonly rows: Float32Array;
  readonly dimension: number;
}

/** Something that happened to an index. */
export type Change =
  | PutChange
  | { readonly change: 'remove'; readonly ids: readonly Id[] }
  | { readonly change: 'clear' }
  | { readonly change: 'calibration'; readonly calibration: Calibration | undefined };

/** Records as they are about to be put. */
export function putChange(
  ids: readonly Id[],
  { data: rows, dimension }: Rows,
  { labels, data }: RecordParts,
): PutChange {
  return {
    change: 'put',
    ids,
    labels: labels ? Array.from(labels) : ids.map(() => null),
    data: data ?? ids.map(() => undefined),
    rows,
    dimension,
  };
}

const KIND = 'index-change';
const VERSION = 1;

/** A change as the payload of an entry of the journal: a container of kind `index-change`, in parts. */
export function writeChange(change: Change): Uint8Array[] {
  const sections = new Map<string, Uint8Array | SectionSource>();
  const meta: Record<string, unknown> = { change: change.change };
  sections.set('meta', new Uint8Array()); // is first; filled below
  if (change.change === 'put') {
    meta.count = change.ids.length;
    meta.dimension = change.dimension;
    writeColumns(sections, change);
    sections.set('rows', bytesOf(change.rows));
  } else if (change.change === 'remove') {
    meta.count = change.ids.length;
    writeColumns(sections, { ids: change.ids, labels: [], data: [] });
  } else if (change.change === 'calibration' && change.calibration) {
    sections.set('calibration', new TextEncoder().encode(calibrationToJson(change.calibration)));
  }
  sections.set('meta', jsonBytes(meta));
  return sectionParts({ kind: KIND, version: VERSION, sections });
}

/** Reads what {@link writeChange} wrote. @throws `ERR_FILE` */
export function readChange(bytes: Uint8Array): Change {
  const { sections } = unpackSections(bytes, { kind: KIND, version: VERSION });
  const parts = new Map(sections);
  const meta = parseJson(parts.get('meta'), 'meta');
  const { change, count, dimension } = (meta ?? {}) as Record<string, unknown>;
  if (change === 'clear') return { change };
  if (change === 'calibration') {
    const json = parts.get('calibration');
    return { change, calibration: json && calibrationFromJson(new TextDecoder().decode(json)) };
  }
  if (change !== 'put' && change !== 'remove')
    throw broken('a change must be put, remove, clear or calibration', change);
  if (!isWhole(count, 1)) throw broken('a change must have the count of its records', count);
  const columns = readColumns(parts, count);
  const each = <T>(value: (record: number) => T): T[] => Array.from({ length: count }, (_, i) => value(i));
  const ids = each(columns.id);
  if (change === 'remove') return { change, ids };
  if (!isWhole(dimension, 1)) throw broken('a change must have the dimension of its rows', dimension);
  const rows = numbersOf(parts.get('rows'), Float32Array, 'rows', count * dimension);
  return { change, ids, labels: each(columns.label), data: each(columns.data), rows, dimension };
}
