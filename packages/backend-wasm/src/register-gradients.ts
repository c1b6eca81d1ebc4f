import {
  add,
  clone,
  engine,
  getBackend,
  getGradient,
  mul,
  registerGradient,
  reshape,
  rsqrt,
  util,
} from '@tensorflow/tfjs-core';
import type { GradConfig, NamedAttrMap, Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import type { SpreadAttrs } from './kernels/reduction.ts';

/** A gradient of ours, or undefined where this case is stock's. */
type Gradient = (dy: Tensor, saved: Tensor[], attrs: NamedAttrMap) => Record<string, () => Tensor> | undefined;

/** What stock's gradient of batch normalisation saves, in its order. */
type BatchNormSaved = [x: Tensor, mean: Tensor, variance: Tensor, scale: Tensor | undefined];

const gradients: Record<string, Gradient> = {
  Relu: (dy, [x]) => (areFloatTensors(dy, x) ? { x: () => run('SimileReluGrad', { dy, x: x! }) as Tensor } : undefined),
  Square: (dy, [x]) =>
    areFloatTensors(dy, x) ? { x: () => run('SimileSquareGrad', { dy, x: x! }) as Tensor } : undefined,
  Sum: (dy, [x], attrs) => spread(dy, x!, attrs, false),
  Mean: (dy, [x], attrs) => spread(dy, x!, attrs, true),
  FusedBatchNorm: (dy, saved, attrs) => batchNormalization(dy, saved as unknown as BatchNormSaved, attrs),
};

/**
 * Puts gradients that run as one kernel in the place of tfjs's, which build them from many. Gradients are global to
 * tfjs, so each asks which backend is active, and on any other but `backendName` stock's runs. Those that tfjs has not
 * registered yet are left for the next call; those already ours stay.
 */
export function registerGradients(backendName: string): void {
  for (const [kernelName, gradient] of Object.entries(gradients)) {
    const stock = getGradient(kernelName) as GradConfig | undefined;
    if (!stock || ours.has(stock)) continue;
    const config: GradConfig = {
      ...stock,
      gradFunc(dy, saved, attrs) {
        const single = Array.isArray(dy) ? dy[0]! : dy;
        const result = getBackend() === backendName ? gradient(single, saved, attrs) : undefined;
        return result ?? stock.gradFunc(dy, saved, attrs);
      },
    };
    ours.add(config);
    registerGradient(config);
  }
}

const ours = new WeakSet<GradConfig>();

function run(kernelName: string, inputs: Record<string, Tensor>, attrs: object = {}): Tensor | Tensor[] {
  return engine().runKernel(kernelName, inputs, { ...attrs });
}

function areFloatTensors(...tensors: (Tensor | undefined)[]): boolean {
  return tensors.every((tensor) => tensor?.dtype === 'float32');
}

/** Gradient of a sum or a mean over neighbouring axes: `dy` repeated along them. */
function spread(dy: Tensor, x: Tensor, attrs: NamedAttrMap, mean: boolean): ReturnType<Gradient> {
  const axes = util.parseAxisParam(attrs['axis'] as number | number[], x.shape).toSorted((a, b) => a - b);
  const isRun = axes.length > 0 && axes.at(-1)! - axes[0]! === axes.length - 1;
  if (!isRun || !areFloatTensors(dy, x)) return undefined;
  const divisor = mean ? axes.reduce((size, axis) => size * x.shape[axis]!, 1) : 1;
  const spreadAttrs: SpreadAttrs = { shape: x.shape, axes, divisor };
  return { x: () => run('SimileSpread', { x: dy }, spreadAttrs) as Tensor };
}

/**
 * Gradients of `y = (x − mean) · scale · r + offset`, `r = 1/√(variance + ε)`, all from two sums by channel, Σ dy and
 * Σ dy · (x − mean). Mean and variance count as inputs of their own here.
 */
function batchNormalization(
  dy: Tensor,
  [x, mean, variance, scale]: BatchNormSaved,
  attrs: NamedAttrMap,
): ReturnType<Gradient> {
  const channels = x.shape.at(-1);
  const byChannel = [mean, variance, scale].every((t) => !t || (t.rank === 1 && t.shape[0] === channels));
  if (!byChannel || !areFloatTensors(dy, x, mean, variance)) return undefined;
  const [sums, products] = run('SimileBatchNormSums', { x, dy, mean }) as [Tensor1D, Tensor1D];
  const root = rsqrt(add(variance, attrs['varianceEpsilon'] as number));
  const scaledRoot = scale ? mul(root, scale) : root;
  return {
    x: () => reshape(mul(dy, scaledRoot), x.shape),
    mean: () => mul(mul(scaledRoot, sums), -1),
    variance: () => mul(mul(mul(mul(root, root), scaledRoot), products), -0.5),
    scale: () => mul(root, products),
    offset: () => clone(sums),
  };
}
