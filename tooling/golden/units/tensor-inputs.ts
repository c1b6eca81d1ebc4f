import { tensor, tensor1d, type Tensor, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { inputOf, labelsOf, type GoldenCase } from '../golden-case.ts';

/** An input `[n, d]`. */
export function matrixOf(golden: GoldenCase, key: string): Tensor2D {
  const { data, shape } = inputOf(golden, key);
  return tensor(data, shape as [number, number]) as Tensor2D;
}

/** Labels `[n]`. */
export function classesOf(golden: GoldenCase, key: string): Tensor1D {
  return tensor1d(labelsOf(golden, key), 'int32');
}

/** Numbers of tensors, whose memory is then given back. */
export function numbers(...tensors: Tensor[]): Float32Array[] {
  return tensors.map((one) => {
    const data = one.dataSync() as Float32Array;
    one.dispose();
    return data;
  });
}

/** Whether every row has length 1 as float32 has it. */
export function hasUnitRows({ shape, data }: { shape: number[]; data: Float32Array }): boolean {
  const [n, d] = shape as [number, number];
  return Array.from({ length: n }, (_, i) => data.subarray(i * d, i * d + d)).every(
    (row) => Math.abs(Math.hypot(...row) - 1) < 1e-5,
  );
}

/**
 * The part of a gradient across each row, of rows of length 1: what is left of the gradient of a formula on rows as given once the
 * formula normalises them, `(I − u uᵀ) g`.
 */
export function acrossRows(
  gradient: readonly number[],
  { shape, data }: { shape: number[]; data: Float32Array },
): number[] {
  const [n, d] = shape as [number, number];
  const across = [...gradient];
  for (let i = 0; i < n; i++) {
    let along = 0;
    for (let k = 0; k < d; k++) along += gradient[i * d + k]! * data[i * d + k]!;
    for (let k = 0; k < d; k++) across[i * d + k]! -= along * data[i * d + k]!;
  }
  return across;
}
