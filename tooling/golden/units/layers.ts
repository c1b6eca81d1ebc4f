import {
  mul,
  sum,
  tensor,
  tidy,
  valueAndGrad,
  variableGrads,
  type Scalar,
  type Tensor,
  type Variable,
} from '@simile/core/ops';
import { metricEmbedding } from '@simile/layers';
import { inputOf, type GoldenCase } from '../golden-case.ts';
import type { Outcome } from '../runner.ts';
import { numbers } from './tensor-inputs.ts';

/** `layer/metricEmbedding`: output, and gradients of the sum of output · cotangent. */
export function embeddingLayer(golden: GoldenCase): Outcome {
  const {
    units,
    useBias = true,
    activation = null,
  } = golden.options as {
    units: number;
    useBias?: boolean;
    activation?: 'relu' | null;
  };
  const load = (key: string): Tensor => {
    const { data, shape } = inputOf(golden, key);
    return tensor(data, shape);
  };
  const [input, cotangent, kernel] = [load('input'), load('cotangent'), load('kernel')];
  const layer = metricEmbedding({ units, useBias, ...(activation && { activation }) });
  layer.build(input.shape);
  const weights = [kernel, ...(useBias ? [load('bias')] : [])];
  layer.setWeights(weights);
  const weighted = (x: Tensor): Scalar => tidy(() => sum(mul(layer.apply(x) as Tensor, cotangent)));
  const output = layer.apply(input) as Tensor;
  const byInput = valueAndGrad(weighted)(input);
  const variables = layer.trainableWeights.map((weight) => weight.read() as Variable);
  const byWeights = variableGrads(() => weighted(input), variables);
  const gradients = variables.map(({ name }) => byWeights.grads[name]!);
  const [values, gradientInput, gradientKernel, gradientBias] = numbers(output, byInput.grad, ...gradients);
  for (const made of [input, cotangent, ...weights, ...variables, byInput.value, byWeights.value]) made.dispose();
  // A row of zeros has no direction: its gradient is 0 here, and a million times the cotangent there.
  const why = 'of a batch with a row of zeros, whose gradient is 0 by definition here';
  const zero = Array.from({ length: values!.length / units }, (_, i) =>
    values!.subarray(i * units, i * units + units),
  ).some((row) => row.every((x) => x === 0));
  const left = zero ? { gradientInput: why, gradientKernel: why, gradientBias: why } : {};
  return { got: { output: values, gradientInput, gradientKernel, gradientBias }, left };
}
