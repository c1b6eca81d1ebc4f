import { customGrad, engine, getBackend, getKernel, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';

type Named = Readonly<Record<string, Tensor>>;

/**
 * One kernel in the place of many operations, where the backend in use has it, else undefined: the caller then takes the operations.
 * Its gradient is the kernel `${name}Grad`, which gets `dy` beside the inputs and gives one tensor for each; `constants` go to both and
 * are not differentiated. Of float32 inputs only, and differentiable once: the gradient is no operation that tfjs knows a gradient of.
 *
 * @example
 * const unit = fusedKernel('SimileNormalize', { x }, {}, { least: 1e-24 }) ?? div(x, norm(x, 2, -1, true));
 */
export function fusedKernel<T extends Tensor>(
  name: string,
  inputs: Named,
  constants: Named = {},
  attrs: NamedAttrMap = {},
): T | undefined {
  const tensors = Object.values(inputs);
  if (!getKernel(name, getBackend()) || tensors.some(({ dtype }) => dtype !== 'float32')) return undefined;
  const names = [...Object.keys(inputs), ...Object.keys(constants)];
  const run = (kernel: string, of: readonly Tensor[], more: Named): Tensor | Tensor[] =>
    engine().runKernel(kernel, { ...Object.fromEntries(names.map((key, i) => [key, of[i]!])), ...more }, attrs);
  const formula = (...given: unknown[]): { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor[] } => {
    const all = [...(given.slice(0, -1) as Tensor[]), ...Object.values(constants)];
    (given.at(-1) as (tensors: Tensor[]) => void)(all);
    return {
      value: run(name, all, {}) as Tensor,
      gradFunc: (dy, saved) => [run(`${name}Grad`, saved, { dy })].flat(),
    };
  };
  return customGrad(formula as Parameters<typeof customGrad>[0])(...tensors) as T;
}
