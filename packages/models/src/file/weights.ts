import { clone, dispose, tensor, type DataType, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fileError } from './manifest.ts';

/** Shape and dtype of a weight, in the order of `model.weights`. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
}

const BYTES = { float32: 4, int32: 4, bool: 1 } as const;

/** Every weight, one after the other, little-endian. */
export async function packWeights(model: LayersModel): Promise<{ specs: WeightSpec[]; bytes: Uint8Array }> {
  const specs = specsOf(model);
  const bytes = new Uint8Array(lengthOf(specs));
  let offset = 0;
  // Shared, not copied: reading takes turns of the event loop, in which training may go on.
  const kept = model.weights.map((weight) => clone(weight.read()));
  for (const weight of kept) {
    const values = await weight.data();
    const part = new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
    bytes.set(part, offset);
    offset += part.length;
  }
  dispose(kept);
  return { specs, bytes };
}

/** Puts weights into a model of the same weights, bit for bit. @throws `ERR_FILE` when they differ in shape or dtype */
export function unpackWeights(model: LayersModel, specs: unknown, bytes: Uint8Array): void {
  const wanted = specsOf(model);
  const shapes = (list: readonly WeightSpec[]): string =>
    list.map(({ shape, dtype }) => `${dtype}[${shape}]`).join(' ');
  const given = Array.isArray(specs) ? (specs as WeightSpec[]) : [];
  if (given.length !== wanted.length || shapes(given) !== shapes(wanted)) {
    throw fileError(`weights must be ${shapes(wanted)}, as the topology says`, shapes(given), 'Save the model again.');
  }
  if (bytes.length !== lengthOf(wanted)) {
    throw fileError(`weights must have ${lengthOf(wanted)} bytes`, bytes.length, 'Save the model again.');
  }
  const copy = bytes.slice().buffer; // aligned, and not the file's
  let offset = 0;
  const tensors: Tensor[] = wanted.map(({ shape, dtype }) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const kind = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
    const values = new kind(copy.slice(offset, offset + size * BYTES[dtype]));
    offset += size * BYTES[dtype];
    return tensor(values, [...shape], dtype);
  });
  model.setWeights(tensors);
  dispose(tensors);
}

function specsOf(model: LayersModel): WeightSpec[] {
  return model.weights.map((weight) => {
    const { shape, dtype } = weight.read();
    return { name: weight.originalName, shape, dtype: dtype as DataType as WeightSpec['dtype'] };
  });
}

function lengthOf(specs: readonly WeightSpec[]): number {
  return specs.reduce((total, { shape, dtype }) => total + shape.reduce((a, b) => a * b, 1) * BYTES[dtype], 0);
}
