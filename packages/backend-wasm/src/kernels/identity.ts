import type { CastAttrs } from '@tensorflow/tfjs-core';
import type { KernelFactory } from './kernel.ts';

/** Copies that need not be made: tfjs clones each tensor that a gradient will want, and stock wasm moves all its bytes. */
export const identity: KernelFactory = (runner) => ({
  Identity({ x }) {
    return x && x.dtype !== 'string' && x.dtype !== 'complex64' ? runner.share(x) : undefined;
  },
  Cast({ x }, attrs) {
    const { dtype } = attrs as unknown as CastAttrs;
    return x && x.dtype === dtype && dtype !== 'string' && dtype !== 'complex64' ? runner.share(x) : undefined;
  },
});
