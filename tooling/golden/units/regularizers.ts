import { meanOfValid, type Reducer, type Regularizer } from '@simile/core';
import { valueAndGrad, type Tensor, type Tensor2D } from '@simile/core/ops';
import { centerInvariant, lp, regularFace, sparseCenters, zeroMean } from '@simile/losses';
import type { GoldenCase } from '../golden-case.ts';
import type { Outcome } from '../runner.ts';
import { pytorchDistance } from './distances.ts';
import { onlyOptions, pytorchReducer, type PytorchPart } from './losses.ts';
import { matrixOf, numbers } from './tensor-inputs.ts';

type Options = Readonly<Record<string, unknown>>;

/** Our regulariser with the options of theirs. */
const makers: Readonly<Record<string, (options: Options, reduce: Reducer) => Regularizer>> = {
  CenterInvariantRegularizer: (_, reduce) => centerInvariant({ reduce }),
  LpRegularizer: ({ p = 2, power = 1 }, reduce) => lp({ p: p as number, power: power as number, reduce }),
  RegularFaceRegularizer: ({ distance: part }, reduce) => {
    if (!part) return regularFace({ reduce });
    const { distance, offset: center } = pytorchDistance(part as PytorchPart, (part as PytorchPart).type);
    return regularFace({ distance, center, reduce });
  },
  SparseCentersRegularizer: ({ centers_per_class: centersPerClass }) =>
    sparseCenters({ centersPerClass: centersPerClass as number }),
  ZeroMeanRegularizer: (_, reduce) => zeroMean({ reduce }),
};

/** A unit `regularizer/*` of golden/pml. */
export function pytorchRegularizer(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['p', 'power', 'reducer', 'distance', 'num_classes', 'centers_per_class']);
  const reduce = pytorchReducer(golden.options['reducer'] as PytorchPart | undefined, meanOfValid);
  const regularizer = makers[golden.unit.split('/')[1]!]!(golden.options, reduce);
  const x = matrixOf(golden, 'x');
  const { value, grad } = valueAndGrad((rows: Tensor) => regularizer(rows as Tensor2D))(x);
  x.dispose();
  const [number, gradient] = numbers(value, grad);
  return { got: { value: number![0]!, grad_x: gradient } };
}
