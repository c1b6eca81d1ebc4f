import type { Label } from '../contract.ts';
import { broken, numbersOf, type Numbers } from './index-file-sections.ts';
import { hasValues, readValues, writeValues, type SectionMap } from './values-section.ts';

/** Numbers of one size that hold up to `most`. */
export function codesFor(most: number): Numbers<Uint8Array | Uint16Array | Uint32Array> {
  if (most < 1 << 8) return Uint8Array;
  return most < 1 << 16 ? Uint16Array : Uint32Array;
}

/** Adds `labels.codes`, a number for each record, 0 for no label, and the labels in the order of their numbers, from 1. */
export function writeLabels(sections: Map<string, unknown>, labels: readonly (Label | null)[]): void {
  const numbers = new Map<Label | null, number>([[null, 0]]);
  const list = labels.map((label) => {
    const known = numbers.get(label);
    if (known !== undefined) return known;
    numbers.set(label, numbers.size);
    return numbers.size - 1;
  });
  if (numbers.size === 1) return;
  const codes = codesFor(numbers.size - 1).from(list);
  sections.set('labels.codes', new Uint8Array(codes.buffer));
  sections.set('labels.count', new Uint8Array(Uint32Array.of(numbers.size - 1).buffer));
  writeValues(sections, 'labels', [...numbers.keys()].slice(1) as Label[]);
}

/** Reads what {@link writeLabels} wrote. @throws `ERR_FILE` */
export function readLabels(sections: SectionMap, count: number): (record: number) => Label | null {
  const bytes = sections.get('labels.codes');
  if (!bytes) {
    if (hasValues(sections, 'labels')) throw broken('there must be labels.codes');
    return () => null;
  }
  const [size] = numbersOf(sections.get('labels.count'), Uint32Array, 'labels.count', 1) as unknown as [number];
  const table = readValues(sections, 'labels', size);
  const codes = numbersOf(bytes, codesFor(size), 'labels.codes', count);
  for (let i = 0; i < count; i++) {
    if (codes[i]! > size) throw broken(`numbers of labels must be up to ${size}`, codes[i]);
  }
  return (record) => {
    const code = codes[record]!;
    return code === 0 ? null : table(code - 1);
  };
}
