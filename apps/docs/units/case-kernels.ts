import { add, linspace, ones, reshape, sum, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { cases, nameOf, type Case } from '@tooling/ops-table';
import { gradientOf, recordKernels } from './kernels.ts';

/** Kernels of a row of the table of operations. */
export interface CaseKernels {
  readonly forward: readonly string[];
  readonly backward: readonly string[];
}

/** Kernels that each row of the table of operations runs on the backend in use, by the row's name. */
export function caseKernels(): Record<string, CaseKernels> {
  return Object.fromEntries(cases.map((one) => [nameOf(one), kernelsOf(one)]));
}

function kernelsOf({ shapes, range: [low, high] = [-2, 2], run }: Case): CaseKernels {
  const found: { forward: readonly string[]; backward: readonly string[] } = { forward: [], backward: [] };
  tidy(() => {
    const inputs = shapes.map((shape) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return reshape(size > 1 ? linspace(low, high, size) : ones([1]), [...shape]);
    });
    found.forward = recordKernels(() => run(...inputs)).kernels;
    if (inputs.length > 0) found.backward = backwards(run, inputs, found.forward);
  });
  return found;
}

function backwards(run: Case['run'], inputs: readonly Tensor[], forward: readonly string[]): readonly string[] {
  const value = (): Tensor => {
    const results = [run(...inputs)].flat();
    return results.map((result) => sum(result)).reduce((total, one) => add(total, one));
  };
  try {
    const { kernels } = recordKernels(() => gradientOf(value, inputs));
    return kernels.filter((name) => !forward.includes(name));
  } catch {
    return []; // an operation without a gradient
  }
}
