import type { IvfStore } from './ivf-store.ts';
import { LEAST_ROWS } from './model-fit.ts';
import { Pace } from './pace.ts';
import { allRows, incomingRows } from './row-source.ts';

/** Puts the rows of one store into an empty one, under the same slots, and has it learn from them. @throws `ERR_MEMORY` */
export async function copyStore(from: IvfStore, to: IvfStore): Promise<void> {
  const nothing = incomingRows(from.rows, new Uint32Array(0), new Float32Array(0));
  const held = allRows(from.rows, nothing);
  let slots = 0;
  for (let i = 0; i < held.count; i++) slots = Math.max(slots, held.slot(i) + 1);
  to.rows.reserve(slots);
  to.makeRoom();
  for (let i = 0; i < held.count; i++) to.rows.put(held.slot(i), from.rows.read(held.slot(i)), 0);
  to.longest = from.longest;
  if (held.count < LEAST_ROWS) return;
  const source = allRows(to.rows, nothing);
  const recoded = await to.train(source, new Pace(undefined), () => undefined);
  to.replace(recoded, to.prepare(recoded), source);
}
