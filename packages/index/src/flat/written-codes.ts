import type { CodedRows } from './code-scan.ts';
import { codesOf } from './code-scoring.ts';
import { LANES } from './flat-memory.ts';

/** All that coding writes: codes and terms of the rows at some slots, and the longest of all. To compare one time with another. */
export function writtenCodes({ memory, facts }: CodedRows, slots: readonly number[]): number[] {
  const { u8, f32 } = memory.views;
  const [codes, ...terms] = [1, 2, 3, 4].map((region) => memory.at(region)) as [number, number, number, number];
  const coded = facts.coded.length;
  const own = slots.flatMap((slot) => {
    const at = codes + (slot - (slot % LANES)) * codesOf(coded) + 2 * (slot % LANES);
    const row = Array.from({ length: coded }, (_, j) => u8[at + 16 * (j >> 1) + (j & 1)]!);
    return [...row, ...terms.map((term) => f32[term / 4 + slot]!)];
  });
  return [facts.longest, facts.reach, ...own];
}
