import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { _FusedMatMulAttrs, BatchMatMulAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelRunner } from '../kernel-runner.ts';
import { addBiasAndActivate, isOursToFuse } from './bias-activation.ts';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** Matrix products, `[…, m, k] × […, k, n]`, either operand transposed, batches broadcast; with bias and relu where tfjs fuses them. */
export const matrixProduct: KernelFactory = (runner) => {
  return {
    BatchMatMul({ a, b }, attrs) {
      const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
      return a && b && areFloats(a, b) ? multiply(runner, a, b, transposeA, transposeB) : undefined;
    },
    _FusedMatMul({ a, b, bias, preluActivationWeights }, attrs) {
      const { transposeA, transposeB, activation } = attrs as unknown as _FusedMatMulAttrs;
      if (!a || !b || !areFloats(a, b, bias) || preluActivationWeights) return undefined;
      if (!isOursToFuse(activation, bias, b.shape.at(transposeB ? -2 : -1)!)) return undefined;
      const out = multiply(runner, a, b, transposeA, transposeB);
      addBiasAndActivate(runner, out, bias, activation);
      return out;
    },
  };
};

function multiply(
  runner: KernelRunner,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): TensorInfo {
  const { kernels } = runner;
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
  const aStrides: [number, number] = transposeA ? [1, aColumns] : [aColumns, 1];
  const bStrides: [number, number] = transposeB ? [1, bColumns] : [bColumns, 1];
  runner.run(
    [a, b],
    [out],
    (aAt = 0, bAt = 0, outAt = 0, workspace = 0) => {
      for (let i = 0; i < products; i++) {
        const left = aAt + aOffset(i);
        const right = bAt + bOffset(i);
        const to = outAt + i * rows * columns * 4;
        kernels.gemm(rows, columns, depth, left, ...aStrides, right, ...bStrides, to, columns, workspace, 0);
      }
    },
    kernels.gemmWorkspaceBytes(),
  );
  return out;
}

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
