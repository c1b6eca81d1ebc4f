import { util } from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelRunner } from '../kernel-runner.ts';

const ADD = 0;
const RELU = 0;

/** Whether what follows a fused product is what {@link addBiasAndActivate} does; the rest is stock's. */
export function isOursToFuse(activation: string | null, bias: TensorInfo | undefined, channels: number): boolean {
  const plain = !activation || activation === 'linear' || activation === 'relu';
  return plain && (!bias || (bias.shape.length === 1 && bias.shape[0] === channels));
}

/** Adds a bias along the last axis and applies relu, in place. */
export function addBiasAndActivate(
  runner: KernelRunner,
  out: TensorInfo,
  bias: TensorInfo | undefined,
  activation: string | null,
): void {
  const { kernels } = runner;
  const size = util.sizeFromShape(out.shape);
  const channels = out.shape.at(-1) ?? 1;
  if (size === 0) return;
  if (bias) {
    runner.run([out, bias], [out], (outAt = 0, biasAt = 0) =>
      kernels.binary(ADD, 1, 1, size / channels, channels, outAt, 0, 0, channels, 1, biasAt, 0, 0, 0, 1, outAt),
    );
  }
  if (activation === 'relu') {
    runner.run([out], [out], (outAt = 0) => kernels.unary(RELU, size, outAt, outAt, 0));
  }
}
