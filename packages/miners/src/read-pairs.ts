import { pairMasks, type Relation } from '@simile/core';
import { SimileError } from '@simile/core/errors';
import { dispose, getBackend, type Tensor2D } from '@simile/core/ops';

/** A matrix of distances as numbers, and which of its pairs are positive and which negative. All row-major, `[n · m]`. */
export interface PairTable {
  readonly n: number;
  readonly m: number;
  readonly distances: Float32Array;
  /** 1 or 0. */
  readonly positive: Float32Array;
  /** 1 or 0. */
  readonly negative: Float32Array;
}

/**
 * Reads a matrix of distances back, with the pairs that labels make. A GPU is waited for.
 *
 * @throws `ERR_SHAPE`, `ERR_DTYPE`; `ERR_BACKEND` on webgpu, where to read at once may never end
 */
export function readPairs(where: string, labels: Relation, distances: Tensor2D, others?: Relation): PairTable {
  checkDistances(where, distances, others === undefined);
  checkReadable(where);
  const [n, m] = distances.shape;
  const masks = pairMasks(labels, n, others && { labels: others, rows: m });
  const [positive, negative] = [masks.positive.dataSync(), masks.negative.dataSync()] as [Float32Array, Float32Array];
  dispose([masks.positive, masks.negative]);
  return { n, m, distances: distances.dataSync() as Float32Array, positive, negative };
}

/** A matrix of at least one distance, square where a batch is compared with itself. @throws `ERR_SHAPE`, `ERR_DTYPE` */
export function checkDistances(where: string, distances: Tensor2D, square: boolean): void {
  const [n, m] = distances.shape as [number, number];
  if (distances.rank !== 2 || distances.size === 0 || (square && n !== m)) {
    throw new SimileError({
      where,
      rule: `distances must have shape ${square ? '[n, n]' : '[n, m]'}, from each row to each${square ? '' : ' of the reference'}`,
      got: distances.shape,
      remedy: 'Pass what the distance gives; where it compares with a reference, pass its labels as well.',
      code: 'ERR_SHAPE',
    });
  }
  if (distances.dtype !== 'float32') {
    throw new SimileError({
      where,
      rule: 'distances must be float32',
      got: distances.dtype,
      remedy: "Convert with cast('float32').",
      code: 'ERR_DTYPE',
    });
  }
}

function checkReadable(where: string): void {
  if (getBackend() !== 'webgpu') return;
  throw new SimileError({
    where,
    rule: 'the backend must be one that can be read at once: cpu, wasm or webgl',
    got: 'webgpu',
    remedy:
      'Take pairMarginMiner, multiSimilarityMiner or what the loss mines by itself, which stay on the backend, or another backend.',
    code: 'ERR_BACKEND',
  });
}
