import { getGradient } from '@tensorflow/tfjs-core';
import { SimileError } from '../errors.ts';

/**
 * Makes sure that tfjs can differentiate. tfjs-core alone knows no gradient; `@tensorflow/tfjs-layers` brings them all,
 * so this loads it where they are missing. Costs nothing once they are there.
 *
 * @example
 * await ensureGradients();
 * grad((x) => square(x))(scalar(3)); // 6
 * @throws `ERR_GRADIENT` when tfjs-layers is not installed, or registers its gradients on another copy of tfjs-core.
 */
export async function ensureGradients(): Promise<void> {
  if (hasGradients()) return;
  try {
    await import('@tensorflow/tfjs-layers');
  } catch (cause) {
    throw new SimileError({
      where: 'gradients',
      rule: 'training needs the gradients that @tensorflow/tfjs-layers registers, and it could not be loaded',
      remedy: 'Install it: npm i @tensorflow/tfjs-layers. Without training, pass { training: false }.',
      code: 'ERR_GRADIENT',
      cause,
    });
  }
  if (hasGradients()) return;
  throw new SimileError({
    where: 'gradients',
    rule: '@tensorflow/tfjs-layers must register its gradients on the copy of @tensorflow/tfjs-core that Simile uses',
    remedy:
      'Keep one copy: npm ls @tensorflow/tfjs-core shows them; npm dedupe, or resolve.dedupe of a bundler, joins them.',
    code: 'ERR_GRADIENT',
  });
}

/** A convolution's gradient stands for all: they are registered together. */
function hasGradients(): boolean {
  return getGradient('Conv2D') !== undefined;
}
