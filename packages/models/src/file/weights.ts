import { clone, dispose, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { fileError } from './manifest.ts';

/** Shape and dtype of a weight. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
}

/** A weight and what it is called. */
export interface NamedTensor {
  readonly name: string;
  readonly value: Tensor;
}

const BYTES = { float32: 4, int32: 4, bool: 1 } as const;

/** Weights one after the other, little-endian. */
export async function packTensors(
  list: readonly NamedTensor[],
): Promise<{ specs: readonly WeightSpec[]; bytes: Uint8Array }> {
  const specs = specsOf(list);
  const bytes = new Uint8Array(lengthOf(specs));
  let offset = 0;
  // Shared, not copied: reading takes turns of the event loop, in which training may go on.
  const kept = list.map(({ value }) => clone(value));
  for (const weight of kept) {
    const values = await weight.data();
    const part = new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
    bytes.set(part, offset);
    offset += part.length;
  }
  dispose(kept);
  return { specs, bytes };
}

/** Tensors of `specs`, bit for bit. The caller frees them. */
export function unpackTensors(specs: readonly WeightSpec[], bytes: Uint8Array): Tensor[] {
  const copy = bytes.slice().buffer; // aligned, and not the file's
  let offset = 0;
  return specs.map(({ shape, dtype }) => {
    const kind = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
    const end = offset + sizeOf(shape) * BYTES[dtype];
    const values = new kind(copy.slice(offset, end));
    offset = end;
    return tensor(values, [...shape], dtype);
  });
}

/** Every weight of a network, in the order of `model.weights`. */
export const packWeights = (model: LayersModel): ReturnType<typeof packTensors> => packTensors(weightsOf(model));

/** Puts weights into a model of the same weights, bit for bit. @throws `ERR_FILE` when they differ in shape or dtype */
export function unpackWeights(model: LayersModel, specs: unknown, bytes: Uint8Array): void {
  const wanted = specsOf(weightsOf(model));
  const given = Array.isArray(specs) ? (specs as WeightSpec[]) : [];
  if (given.length !== wanted.length || shapesOf(given) !== shapesOf(wanted)) {
    throw fileError(
      `weights must be ${shapesOf(wanted)}, as the topology says`,
      shapesOf(given),
      'Save the model again.',
    );
  }
  checkLength('weights', wanted, bytes);
  const tensors = unpackTensors(wanted, bytes);
  model.setWeights(tensors);
  dispose(tensors);
}

/** There must be as many bytes as the specs say. @throws `ERR_FILE` */
export function checkLength(name: string, specs: readonly WeightSpec[], bytes: Uint8Array): void {
  if (bytes.length === lengthOf(specs)) return;
  throw fileError(`${name} must have ${lengthOf(specs)} bytes`, bytes.length, 'Save the model again.');
}

/** What a list of weights is, in words: `float32[3,2] float32[2]`. */
export const shapesOf = (specs: readonly WeightSpec[]): string =>
  specs.map(({ shape, dtype }) => `${dtype}[${shape}]`).join(' ');

/** Names, shapes and dtypes. */
export const specsOf = (list: readonly NamedTensor[]): WeightSpec[] =>
  list.map(({ name, value: { shape, dtype } }) => ({ name, shape, dtype: dtype as WeightSpec['dtype'] }));

const weightsOf = (model: LayersModel): NamedTensor[] =>
  model.weights.map((weight) => ({ name: weight.originalName, value: weight.read() }));

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

function lengthOf(specs: readonly WeightSpec[]): number {
  return specs.reduce((total, { shape, dtype }) => total + sizeOf(shape) * BYTES[dtype], 0);
}
