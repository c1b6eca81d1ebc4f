import { scoreError } from './exact-bound.ts';
import type { IvfStore } from './ivf-store.ts';
import type { SearchContexts } from './search-contexts.ts';
import type { SearchPlan } from './search-plan.ts';

/** Slots looked at by one call of the kernel. */
const LISTED = 65536;
/** Looks at every slot listed, in float32 and then, for all that may be among the closest, in float64. */
export function findAmong(
  store: IvfStore,
  contexts: SearchContexts,
  query: Float32Array,
  { places, within, every }: SearchPlan,
  root: number,
): number {
  const { memory, shape, longest } = store;
  const error = scoreError(shape.metric, query, longest);
  const layout = store.layout;
  // Without a bound every row is worked out in float64.
  let keep = error(0) < Infinity ? Math.min(within, places + 8 + (places >> 3)) : within;
  const list = memory.allocate(Math.min(LISTED, within) * 4);
  try {
    for (; ; keep = Math.min(within, keep * 4)) {
      contexts.prepare(keep, 1);
      const context = contexts.one!;
      memory.views.f32.set(query, context.query / 4);
      memory.write('context', context.at, { kept: 0 });
      for (let begin = 0; begin < within; begin += LISTED) {
        const some = every!.subarray(begin, begin + LISTED);
        memory.views.u32.set(some, list / 4);
        memory.exports.rankSlots(layout, context.at, list, some.length, keep);
      }
      const found = memory.exports.finish(layout, context.at, root);
      if (keep === within) return found;
      const last = scoreAt(store, contexts, places - 1);
      if (scoreAt(store, contexts, keep - 1) > last + 2 * error(last)) return found;
    }
  } finally {
    memory.free(list, Math.min(LISTED, within) * 4);
  }
}

const bits = new Uint32Array(1);
const score = new Float32Array(bits.buffer);

/** Score of a row of the sorted heap: the upper half of its key, an unsigned number in the order of float32. */
function scoreAt({ memory }: IvfStore, contexts: SearchContexts, place: number): number {
  const key = memory.views.u32[contexts.one!.heap / 4 + 2 * place + 1]!;
  bits[0] = key >= 0x80000000 ? key ^ 0x80000000 : ~key;
  return score[0]!;
}
