// One query from its values to the exact distances of the rows found.

import { keysOfCentroids, shorten } from './coarse';
import { beginFound, BINS, endFound, keepWanted } from './found';
import { Context, Layout } from './layout';
import { chooseProbes, unsortable } from './probes';
import { makeTables } from './tables';
import { scanList } from './scan';
import { transform } from './transform';

/** Sets the scale of the histogram so that every cost of the lists to look at has a bin. */
function setShift(context: Context, most: f32): void {
  const steps = <i32>min<f32>(most, 1e9);
  let shift = 0;
  while (steps >> shift >= BINS) shift++;
  context.shift = shift;
}

/**
 * Looks at the `probes` closest lists for `wanted` rows, by what their codes say. The rows are then `found` of the context.
 *
 * @returns How many are found
 */
export function findRows(layout: Layout, context: Context, probes: i32, wanted: i32): i32 {
  const length = max(layout.width, layout.subspaces * layout.subspaceSize);
  transform(layout, context.query, context.coded, length);
  context.shortStep = shorten(context.coded, layout.width, context.short);
  keysOfCentroids(layout, context.short, context.shortStep * layout.centroidStep, layout.probeBias, context.keys);
  const count = chooseProbes(layout, context, probes);
  const most = makeTables(layout, context);
  const first = unsortable(<u32>(load<u64>(context.probes) >> 32));
  const last = unsortable(<u32>(load<u64>(context.probes + ((<usize>(count - 1)) << 3)) >> 32));
  setShift(context, most + (last - first + layout.mostBias - layout.leastBias) * context.perCost);
  context.wanted = wanted;
  beginFound(context);
  for (let i = 0; i < count; i++) {
    const entry = load<u64>(context.probes + ((<usize>i) << 3));
    const base = min<f32>((unsortable(<u32>(entry >> 32)) - first) * context.perCost, 1e9);
    scanList(layout, context, <i32>(<u32>entry), <i32>base);
  }
  if (context.count > wanted) keepWanted(context);
  endFound(context);
  return context.count;
}
