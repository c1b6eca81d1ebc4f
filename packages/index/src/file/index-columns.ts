import type { SectionSource } from '@simile/core/container';
import type { Id, Label, RecordData } from '../contract.ts';
import type { RecordColumns } from '../records/record-columns.ts';
import { readData, writeData } from './data-section.ts';
import { broken, numbersOf } from './index-file-sections.ts';
import { readLabels, writeLabels } from './labels-section.ts';
import { readValues, writeValues, type SectionMap } from './values-section.ts';

/** What is known of some records, besides their rows. */
export interface RecordLists {
  readonly ids: readonly Id[];
  readonly labels: readonly (Label | null)[];
  readonly data: readonly (RecordData | undefined)[];
}

/** Adds the sections of ids, labels and data. */
export function writeColumns(sections: Map<string, Uint8Array | SectionSource>, records: RecordLists): void {
  writeValues(sections, 'ids', records.ids);
  writeLabels(sections, records.labels);
  writeData(sections, records.data);
}

/** Reads the sections of {@link writeColumns}, decoding nothing yet. @throws `ERR_FILE` */
export function readColumns(sections: SectionMap, count: number): Omit<RecordColumns, 'nextId' | 'slots'> {
  const value = readValues(sections, 'ids', count);
  const whole = sections.get('ids.int32');
  if (whole) checkDiffer(numbersOf(whole, Int32Array, 'ids.int32', count), 'ids');
  return {
    count,
    id(record) {
      const id = value(record);
      if (typeof id === 'number' && !Number.isSafeInteger(id)) throw broken('ids must be whole numbers or texts', id);
      return id;
    },
    label: readLabels(sections, count),
    data: readData(sections, count),
  };
}

/** @throws `ERR_FILE` for a number that comes twice */
export function checkDiffer(numbers: Int32Array | Uint32Array, name: string): void {
  const rises = (list: Int32Array | Uint32Array): boolean => {
    for (let i = 1; i < list.length; i++) if (list[i]! <= list[i - 1]!) return false;
    return true;
  };
  if (!rises(numbers) && !rises(numbers.toSorted())) throw broken(`${name} must differ`);
}
