import { getGradient, registerGradient, unregisterGradient } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ensureGradients } from './ensure-gradients.ts';

describe('ensureGradients', () => {
  // Before anything else has loaded tfjs-layers into this file's process.
  it('brings the gradients that tfjs-core alone lacks', async () => {
    expect(getGradient('Conv2D')).toBeUndefined();
    await ensureGradients();
    expect(getGradient('Conv2D')?.kernelName).toBe('Conv2D');
    expect(getGradient('BatchMatMul')?.kernelName).toBe('BatchMatMul');
  });

  describe('without help', () => {
    const conv = (): NonNullable<ReturnType<typeof getGradient>> => getGradient('Conv2D');
    afterEach(() => vi.doUnmock('@tensorflow/tfjs-layers'));

    const without = async (layers: () => object): Promise<unknown> => {
      const kept = conv();
      unregisterGradient('Conv2D');
      vi.doMock('@tensorflow/tfjs-layers', layers);
      try {
        return await ensureGradients().catch((error: unknown) => error);
      } finally {
        registerGradient(kept);
      }
    };

    it('says what to install when tfjs-layers is missing', async () => {
      const missing = (): never => {
        throw new Error('not found');
      };
      const error = (await without(missing)) as Error;
      expect(error.message).toMatchInlineSnapshot(
        `"gradients: training needs the gradients that @tensorflow/tfjs-layers registers, and it could not be loaded. Install it: npm i @tensorflow/tfjs-layers. Without training, pass { training: false }. [ERR_GRADIENT]"`,
      );
      expect(error).toMatchObject({ code: 'ERR_GRADIENT' });
      expect(error.cause).toBeInstanceOf(Error);
    });

    it('says that there are two copies when tfjs-layers filled another one', async () => {
      const error = (await without(() => ({}))) as Error;
      expect(error.message).toMatchInlineSnapshot(
        `"gradients: @tensorflow/tfjs-layers must register its gradients on the copy of @tensorflow/tfjs-core that Simile uses. Keep one copy: npm ls @tensorflow/tfjs-core shows them; npm dedupe, or resolve.dedupe of a bundler, joins them. [ERR_GRADIENT]"`,
      );
      expect(error).toMatchObject({ code: 'ERR_GRADIENT' });
    });

    it('asks for nothing when the gradients are there', async () => {
      const load = vi.fn<() => object>(() => ({}));
      vi.doMock('@tensorflow/tfjs-layers', load);
      await ensureGradients();
      expect(load).not.toHaveBeenCalled();
    });
  });
});
