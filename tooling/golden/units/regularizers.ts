import { meanOfValid, type Loss, type Reducer, type Regularizer } from '@simile/core';
import { valueAndGrad, type Tensor, type Tensor2D } from '@simile/core/ops';
import { centerInvariant, lp, regularFace, regularized, sparseCenters, zeroMean } from '@simile/losses';
import type { GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
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

/** Options of a loss that name its regularisers. */
export const regularizerNames: readonly string[] = [
  'embedding_regularizer',
  'embedding_reg_weight',
  'weight_regularizer',
  'weight_reg_weight',
];

/** Our regulariser for a part of a case. @throws {NotCovered} */
export function pytorchPart({ type, ...options }: PytorchPart): Regularizer {
  const reduce = pytorchReducer(options['reducer'] as PytorchPart | undefined, meanOfValid);
  const make = makers[type];
  if (!make) throw new NotCovered(`regularizer ${type}`);
  return make(options, reduce);
}

/** Losses of ours that have the regulariser of theirs as an option. */
const HAVE_THEIR_OWN: readonly string[] = ['loss/SignalToNoiseRatioContrastiveLoss', 'loss/SoftTripleLoss'];

/** A loss with the regularisers of its case. @throws {NotCovered} */
export function pytorchRegularized({ options, unit }: GoldenCase, loss: Loss): Loss {
  if (HAVE_THEIR_OWN.includes(unit)) return loss;
  const wrap = (inner: Loss, of: 'embeddings' | 'weights', name: string, weight: string): Loss => {
    const part = options[name] as PytorchPart | null | undefined;
    if (!part) return inner;
    return regularized({ loss: inner, regularizer: pytorchPart(part), weight: (options[weight] as number) ?? 1, of });
  };
  const priced = wrap(loss, 'embeddings', 'embedding_regularizer', 'embedding_reg_weight');
  return wrap(priced, 'weights', 'weight_regularizer', 'weight_reg_weight');
}

/** A unit `regularizer/*` of golden/pml. */
export function pytorchRegularizer(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['p', 'power', 'reducer', 'distance', 'num_classes', 'centers_per_class']);
  const regularizer = pytorchPart({ ...golden.options, type: golden.unit.split('/')[1]! });
  const x = matrixOf(golden, 'x');
  const { value, grad } = valueAndGrad((rows: Tensor) => regularizer(rows as Tensor2D))(x);
  x.dispose();
  const [number, gradient] = numbers(value, grad);
  return { got: { value: number![0]!, grad_x: gradient } };
}
