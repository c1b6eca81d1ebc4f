import { dividedBy, meanOfValid, type CostSource, type Reducer } from '@simile/core';
import { add, tensor1d, valueAndGrads, type Scalar, type Tensor, type Tensor1D } from '@simile/core/ops';
import { labelsOf, numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { pytorchReducer, type PytorchPart } from './losses.ts';
import { classesOf, numbers } from './tensor-inputs.ts';

function reducerOf({ inputs }: GoldenCase, part: PytorchPart): Reducer {
  return part.type === 'DivisorReducer' ? dividedBy(inputs['divisor'] as number) : pytorchReducer(part, meanOfValid);
}

/** `reducer/*` of golden/pml. */
export function pytorchReduction(golden: GoldenCase): Outcome {
  const type = golden.unit.split('/')[1]!;
  const { inputs, options } = golden;
  if (inputs['reduction'] === 'already_reduced') throw new NotCovered('a loss that is reduced already');
  const parts = type === 'MultipleReducers' ? (options['reducers'] as Record<string, PytorchPart>) : undefined;
  const names = parts ? ['pos_loss', 'neg_loss'] : ['losses'];
  const reducers = names.map((name) =>
    parts ? reducerOf(golden, parts[name] ?? { type: 'MeanReducer' }) : reducerOf(golden, { type, ...options }),
  );
  const costs = names.map((name) => tensor1d(numbersOf([inputs[name]].flat().flatMap(listOf))));
  const valid = costs.map(({ size }) => tensor1d(new Float32Array(size).fill(1)));
  const labels = classesOf(golden, 'labels');
  const source: CostSource = { labels, rows: labelsOf(golden, 'labels').length, anchors: anchorsOf(golden) };
  const { value, grads } = valueAndGrads((...x: Tensor[]) =>
    x.map((each, at) => reducers[at]!(each as Tensor1D, valid[at]!, source)).reduce((a, b) => add(a, b) as Scalar),
  )(costs);
  const [number, ...slopes] = numbers(value, ...grads);
  for (const used of [labels, ...costs, ...valid]) used.dispose();
  return {
    got: { value: number![0]!, ...Object.fromEntries(names.map((name, at) => [`grad_${name}`, slopes[at]])) },
  };
}

/** One number, or those of an array. */
function listOf(value: unknown): unknown[] {
  return typeof value === 'number' ? [value] : numbersOf(value);
}

/** Rows of the costs: the elements themselves, or the first list of pairs and triplets. */
function anchorsOf({ inputs }: GoldenCase): Int32Array {
  const indices = inputs['indices'] as readonly unknown[];
  const first = indices[0];
  return Int32Array.from(typeof first === 'number' ? (indices as number[]) : numbersOf(first));
}
