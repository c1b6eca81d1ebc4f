import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { registerWasmBackend } from '@simile/backend-wasm';
import { cases, nameOf, standingsOn } from '@tooling/ops-table';
import { beforeAll, describe, expect, it } from 'vitest';
import * as ops from './ops.ts';

/** What the seam offers besides operations: tensors from data, tapes, memory, kernels of a backend. */
const MACHINERY =
  `booleanMaskAsync customGrad dispose fusedKernel getBackend grad grads keep memory scalar tensor tensor1d tensor2d tidy
  valueAndGrad valueAndGrads variable variableGrads`.split(/\s+/);

/** Operations, or single cases of them, that tfjs cannot differentiate on any backend, and why. */
const NOT_DIFFERENTIABLE: readonly string[] = Object.values({
  'choices and whole numbers': [
    'all',
    'any',
    'cast, from int32',
    'equal',
    'equal, broadcast',
    'equal, int32',
    'eye',
    'fill',
    'greater',
    'greater, broadcast',
    'less',
    'less, broadcast',
    'lessEqual',
    'lessEqual, broadcast',
    'linspace',
    'logicalAnd',
    'logicalNot',
    'logicalOr',
    'notEqual',
    'notEqual, broadcast',
    'oneHot',
    'ones',
    'range',
    'topk',
    'zeros',
  ],
  'puts together what a gradient of ours has taken apart': ['scatterND'],
  'goes through equal': ['divNoNan', 'divNoNan, broadcast'],
  'the gradient calls methods that tfjs-core alone does not add to tensors': [
    'prod',
    'prod, axis 0',
    'prod, last axis, kept',
  ],
  'the gradient is not summed over the axes that were broadcast': [
    'maximum, broadcast',
    'minimum, broadcast',
    'squaredDifference, broadcast',
    'matMul, batch broadcast',
  ],
}).flat();

const names = Object.keys(ops).filter((name) => !MACHINERY.includes(name));

describe('the seam', () => {
  it('holds operations that the table of operations has cases of, and nothing unknown', () => {
    const known = new Set(cases.map(({ op }) => op));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(MACHINERY.filter((name) => !(name in ops))).toEqual([]);
  });

  describe.each(['cpu', 'simile-wasm'])('on %s', (backend) => {
    beforeAll(async () => {
      await registerWasmBackend();
    });

    it('has a right result and a right gradient for each operation but those listed', async () => {
      const standings = (await standingsOn([backend]))[backend]!;
      const ours = cases.flatMap((operation, i) =>
        names.includes(operation.op) ? [[nameOf(operation), standings[i]!] as const] : [],
      );
      const expected = ours.map(([name]) => [name, NOT_DIFFERENTIABLE.includes(name) ? 'runs' : 'trains']);
      expect(ours).toEqual(expected);
      expect(NOT_DIFFERENTIABLE.filter((name) => !ours.some(([own]) => own === name))).toEqual([]);
    });
  });
});
