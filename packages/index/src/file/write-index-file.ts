import { packSections, sectionParts, type SectionSource, type WritableSections } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import { calibrationToJson, type Calibration } from '@simile/metrics';
import type { Id, Label, RecordData, SearchEngine } from '../contract.ts';
import type { RecordStore } from '../records/record-store.ts';
import { writeColumns } from './index-columns.ts';
import { bytesOf, jsonBytes } from './index-file-sections.ts';
import { ENGINE, KIND, SLOTS_ALWAYS, VERSION } from './index-file.ts';

/** What goes into a file. */
export interface WritableIndex {
  readonly metric: string;
  readonly dimension: number | undefined;
  readonly calibration: Calibration | undefined;
  readonly store: RecordStore;
  readonly engine: SearchEngine | undefined;
}

/** Which state of a store a file is, and which it takes the place of: random texts. */
export interface Generation {
  readonly generation: string;
  readonly previous: string | undefined;
}

/** An index as bytes: docs/formats.md. Memory: that of the bytes. @throws `ERR_MEMORY` when the host has no room for them */
export function writeIndexFile(index: WritableIndex): Uint8Array {
  return withinMemory(() => packSections(indexSections(index)));
}

/** The same in parts that are written one after the other; those that the engine keeps are not copied. @throws `ERR_MEMORY` */
export function indexFileParts(index: WritableIndex, generation: Generation): Uint8Array[] {
  return withinMemory(() => sectionParts(indexSections(index, generation)));
}

function indexSections(index: WritableIndex, generation?: Generation): WritableSections {
  const { metric, dimension, calibration, store, engine } = index;
  const slots = store.slots();
  const count = slots.length;
  const sections = new Map<string, Uint8Array | SectionSource>();
  const state = count > 0 ? engine?.state?.() : undefined;
  let engineBytes = 0;
  for (const bytes of state?.sections.values() ?? []) engineBytes += bytes.length;
  const most = slots.reduce((largest, slot) => Math.max(largest, slot), 0);
  // A reader makes room for slots only as far as the engine's bytes or this vouch for them.
  const written = state && most < Math.max(engineBytes, SLOTS_ALWAYS) ? state : undefined;
  const { kind, version, meta, rows } = written ?? {};
  const engineMeta = written && { kind, version, meta, ...(rows && { rows }) };
  sections.set(
    'meta',
    jsonBytes({ metric, dimension: dimension ?? null, count, nextId: store.nextId, engine: engineMeta, ...generation }),
  );
  const ids: Id[] = [];
  const labels: (Label | null)[] = [];
  const data: (RecordData | undefined)[] = [];
  for (const slot of slots) {
    ids.push(store.idOf(slot));
    labels.push(store.labelOf(slot));
    data.push(store.dataOf(slot));
  }
  writeColumns(sections, { ids, labels, data });
  if (calibration) sections.set('calibration', new TextEncoder().encode(calibrationToJson(calibration)));
  if (written) {
    if (slots.some((slot, record) => slot !== record)) sections.set('slots', bytesOf(slots));
    for (const [name, bytes] of written.sections) sections.set(ENGINE + name, bytes);
  } else if (count > 0) {
    sections.set('rows', rowSource(engine!, slots, dimension!));
  }
  return { kind: KIND, version: VERSION, sections };
}

function rowSource(engine: SearchEngine, slots: Uint32Array, dimension: number): SectionSource {
  const write = (into: Uint8Array): void => {
    slots.forEach((slot, record) => into.set(bytesOf(engine.row(slot)), record * dimension * 4));
  };
  return { length: slots.length * dimension * 4, write };
}

function withinMemory<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new SimileError({
      where: 'index.to-bytes',
      rule: 'the file must fit into memory',
      remedy: 'Split the index into several.',
      code: 'ERR_MEMORY',
      cause,
    });
  }
}
