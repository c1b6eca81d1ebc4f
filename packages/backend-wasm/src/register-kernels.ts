import { copyRegisteredKernels, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { backendError } from './backend-error.ts';
import type { KernelRunner } from './kernel-runner.ts';
import { batchNormalization } from './kernels/batch-normalization.ts';
import { binary } from './kernels/binary.ts';
import { borrowed } from './kernels/borrowed.ts';
import { convolution } from './kernels/convolution.ts';
import { depthwise } from './kernels/depthwise.ts';
import { differences } from './kernels/differences.ts';
import { einsum } from './kernels/einsum.ts';
import { identity } from './kernels/identity.ts';
import type { Inputs, KernelFactory } from './kernels/kernel.ts';
import { matrixProduct } from './kernels/matrix-product.ts';
import { normalize } from './kernels/normalize.ts';
import { optimizers } from './kernels/optimizers.ts';
import { pool } from './kernels/pool.ts';
import { reduction } from './kernels/reduction.ts';
import { unary } from './kernels/unary.ts';
import { registerGradients } from './register-gradients.ts';

/** Name under which tfjs knows our kernels. */
export const BACKEND_NAME = 'simile-wasm';

const factories: readonly KernelFactory[] = [
  matrixProduct,
  convolution,
  depthwise,
  pool,
  binary,
  unary,
  reduction,
  batchNormalization,
  differences,
  normalize,
  identity,
  optimizers,
  einsum,
  borrowed,
];

/** Gives {@link BACKEND_NAME} every kernel of stock wasm, then puts ours in the place of theirs. Stock keeps its own. */
export function registerKernels(runner: KernelRunner): void {
  copyRegisteredKernels('wasm', BACKEND_NAME);
  for (const factory of factories) {
    for (const [kernelName, kernel] of Object.entries(factory(runner))) {
      const stock = getKernel(kernelName, BACKEND_NAME);
      if (stock) unregisterKernel(kernelName, BACKEND_NAME);
      registerKernel({
        ...stock,
        kernelName,
        backendName: BACKEND_NAME,
        setupFunc(backend) {
          stock?.setupFunc?.(backend);
          // tfjs-layers may have come, with stock's gradients, after the kernels were registered.
          registerGradients(BACKEND_NAME);
        },
        kernelFunc(params) {
          const inputs = params.inputs as Inputs;
          return kernel(inputs, params.attrs ?? {}) ?? (stock ? stock.kernelFunc(params) : refuse(kernelName, inputs));
        },
      });
    }
  }
}

function refuse(kernelName: string, inputs: Inputs): never {
  const got = Object.entries(inputs).map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape.join(', ')}]`);
  throw backendError({
    where: BACKEND_NAME,
    rule: `${kernelName} computes in float32`,
    got: got.join(', '),
    remedy: "Cast the inputs, or run this part on tf.setBackend('cpu').",
    code: 'ERR_DTYPE',
  });
}
