import { checkAborted, checkInteger, SimileError } from '@simile/core/errors';
import type { Items } from '@simile/core/items';
import { dispose, type Tensor } from '@tensorflow/tfjs-core';
import { checkSome, checkVectors } from './check-vectors.ts';
import type { Embedder } from './embedder.ts';
import { isItems, isTensor } from './tensor-batches.ts';

/** Vectors in any of the forms that libraries return them. */
export type EmbedResult = Items<Float32Array> | readonly ArrayLike<number>[] | Tensor;

/** From a list of items (texts, images, objects) to one vector each. A tensor that it returns is disposed of. */
export type EmbedFunction<Item> = (items: readonly Item[]) => Promise<EmbedResult> | EmbedResult;

/** Embeds by a function, `batchSize` items at a time (default 32 here). */
export function functionEmbedder<Item>(embed: EmbedFunction<Item>, given?: number): Embedder<readonly Item[]> {
  let dimension = given;
  return {
    kind: 'function',
    get dimension() {
      return dimension;
    },
    embed: async (where, x, { batchSize = 32, signal }) => {
      checkInteger(where, { batchSize }, 1);
      checkSome(where, x.length);
      let all: Float32Array | undefined;
      let width = dimension;
      for (let begin = 0; begin < x.length; begin += batchSize) {
        checkAborted(where, signal);
        const part = x.slice(begin, begin + batchSize);
        const rows = await readRows(await embed(part));
        checkRows(where, rows, part.length, width);
        width ??= rows.shape[1]!;
        all ??= new Float32Array(x.length * width);
        all.set(rows.data, begin * width);
      }
      const vectors = checkVectors(where, { data: all!, shape: [x.length, width!] });
      dimension = width;
      return vectors;
    },
    dispose: () => undefined,
  };
}

async function readRows(result: EmbedResult): Promise<Items<Float32Array>> {
  if (isTensor(result)) {
    try {
      return { data: Float32Array.from(await result.data()), shape: [...result.shape] };
    } finally {
      dispose(result);
    }
  }
  if (isItems(result)) return result as Items<Float32Array>;
  const width = result[0]?.length ?? 0;
  const data = new Float32Array(result.length * width);
  const ragged = result.find((row) => row.length !== width);
  if (ragged) return { data, shape: [result.length, -1] };
  result.forEach((row, i) => data.set(row, i * width));
  return { data, shape: [result.length, width] };
}

function checkRows(where: string, { data, shape }: Items, count: number, width: number | undefined): void {
  const [rows, columns = 0] = shape;
  const fits = shape.length === 2 && rows === count && columns > 0 && data.length === rows * columns;
  if (fits && (width === undefined || width === columns)) return;
  throw new SimileError({
    where,
    rule: `embed must return one vector an item, [${count}, ${width ?? 'dimension'}]`,
    got: shape,
    remedy: 'Return Items, a tensor, or a list of vectors of one length, in the order of the items.',
    code: 'ERR_SHAPE',
  });
}
