import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { BatchMatMulAttrs } from '@tensorflow/tfjs-core';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** Matrix products, `[…, m, k] × […, k, n]`, either operand transposed, batches broadcast. */
export const matrixProduct: KernelFactory = (runner) => {
  const { kernels } = runner;
  const workspaceBytes = kernels.gemmWorkspaceBytes();
  return {
    BatchMatMul({ a, b }, attrs) {
      if (!a || !b || !areFloats(a, b)) return undefined;
      const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
      const [aRows = 0, aColumns = 0] = a.shape.slice(-2);
      const [bRows = 0, bColumns = 0] = b.shape.slice(-2);
      const [rows, depth] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
      const columns = transposeB ? bRows : bColumns;
      const aOuter = a.shape.slice(0, -2);
      const bOuter = b.shape.slice(0, -2);
      const outer = broadcast_util.assertAndGetBroadcastShape(aOuter, bOuter);
      const out = runner.output([...outer, rows, columns]);
      const products = util.sizeFromShape(outer);
      if (products * rows * columns === 0) return out;
      const aOffset = batchOffsets(aOuter, outer, aRows * aColumns);
      const bOffset = batchOffsets(bOuter, outer, bRows * bColumns);
      runner.run(
        [a, b],
        [out],
        (aAt = 0, bAt = 0, outAt = 0, workspace = 0) => {
          for (let i = 0; i < products; i++) {
            kernels.gemm(
              rows,
              columns,
              depth,
              aAt + aOffset(i),
              transposeA ? 1 : aColumns,
              transposeA ? aColumns : 1,
              bAt + bOffset(i),
              transposeB ? 1 : bColumns,
              transposeB ? bColumns : 1,
              outAt + i * rows * columns * 4,
              columns,
              workspace,
              0,
            );
          }
        },
        workspaceBytes,
      );
      return out;
    },
  };
};

/** Bytes from the first matrix of an operand to the one that belongs to product `i` of the broadcast batch. */
function batchOffsets(own: readonly number[], outer: readonly number[], size: number): (i: number) => number {
  if (util.sizeFromShape([...own]) === util.sizeFromShape([...outer])) return (i) => i * size * 4;
  const padded = [...outer.slice(own.length).map(() => 1), ...own];
  return (i) => {
    let rest = i;
    let offset = 0;
    let stride = size;
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const index = rest % outer[axis]!;
      rest = Math.floor(rest / outer[axis]!);
      if (padded[axis] !== 1) offset += index * stride;
      stride *= padded[axis]!;
    }
    return offset * 4;
  };
}
