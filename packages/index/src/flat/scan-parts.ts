import type { FlatMemory } from './flat-memory.ts';

/** Fields of `Scan` in assembly/flat/scan.ts, in its order. */
const FIELDS = [
  'groups',
  'groupBytes',
  'bias',
  'scale',
  'error',
  'rows',
  'mask',
  'groupCount',
  'blockGroups',
  'dimension',
  'queries',
  'tiles',
  'heads',
  'scores',
  'found',
  'kept',
  'spill',
  'kind',
] as const;
/** Where the kernel spills to, 32 bytes, and where it is told what to scan, in the fixed part of the memory. */
const SPILL = 64;
const SCAN = 128;

/** Tells the kernel what to scan; fields left out are 0. Returns the address to give it. */
export function writeScan(
  memory: FlatMemory,
  parts: Readonly<Partial<Record<Exclude<(typeof FIELDS)[number], 'spill'>, number>>>,
): number {
  const all: Readonly<Partial<Record<(typeof FIELDS)[number], number>>> = { ...parts, spill: SPILL };
  FIELDS.forEach((field, i) => (memory.views.u32[SCAN / 4 + i] = all[field] ?? 0));
  return SCAN;
}
