import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core';

/** Where the numbers of an input lie: away from the kinks, poles and ends of the operation. */
type Range = readonly [low: number, high: number];

/** One operation on small inputs. */
export interface Case {
  /** Its name in tfjs; several cases may share it. */
  readonly op: string;
  /** What sets it apart from other cases of the operation. */
  readonly variant?: string;
  /** Shapes of the float inputs, by which it is differentiated. */
  readonly shapes: readonly (readonly number[])[];
  readonly range?: Range;
  readonly run: (...inputs: Tensor[]) => Tensor | Tensor[];
}

const ANY: Range = [-2, 2];
const POSITIVE: Range = [0.3, 2];
const UNIT: Range = [-0.8, 0.8];
const ABOVE_ONE: Range = [1.2, 3];

const matrix = [3, 5] as const;
const image = [2, 6, 6, 2] as const;

/** An operation on each element. */
function unary(op: string, apply: (x: Tensor) => Tensor, range: Range = ANY): Case {
  return { op, shapes: [matrix], range, run: (x) => apply(x!) };
}

/** An operation on two tensors, plain and with broadcasting. */
function binary(op: string, apply: (a: Tensor, b: Tensor) => Tensor, range: Range = ANY): Case[] {
  const run: Case['run'] = (a, b) => apply(a!, b!);
  return [
    { op, shapes: [matrix, matrix], range, run },
    { op, variant: 'broadcast', shapes: [matrix, [5]], range, run },
  ];
}

/** An operation that takes an axis away. */
function reduction(
  op: string,
  run: (x: Tensor, axis?: number, keepDims?: boolean) => Tensor,
  range: Range = ANY,
): Case[] {
  return [
    { op, shapes: [matrix], range, run: (x) => run(x!) },
    { op, variant: 'axis 0', shapes: [matrix], range, run: (x) => run(x!, 0) },
    { op, variant: 'last axis, kept', shapes: [matrix], range, run: (x) => run(x!, 1, true) },
  ];
}

const ids = (...values: number[]): Tensor1D => tf.tensor1d(values, 'int32');
const truth = (x: Tensor): Tensor => tf.greater(x, 0);
const x4 = (x: Tensor | undefined): Tensor4D => x as Tensor4D;
const x5 = (x: Tensor | undefined): Tensor5D => x as Tensor5D;

/** Every operation that a training graph can need. */
export const cases: readonly Case[] = [
  // Of each element, one tensor
  unary('abs', tf.abs),
  unary('acos', tf.acos, UNIT),
  unary('acosh', tf.acosh, ABOVE_ONE),
  unary('asin', tf.asin, UNIT),
  unary('asinh', tf.asinh),
  unary('atan', tf.atan),
  unary('atanh', tf.atanh, UNIT),
  unary('ceil', tf.ceil),
  unary('cos', tf.cos),
  unary('cosh', tf.cosh),
  unary('elu', tf.elu),
  unary('erf', tf.erf),
  unary('exp', tf.exp),
  unary('expm1', tf.expm1),
  unary('floor', tf.floor),
  unary('isFinite', tf.isFinite),
  unary('isInf', tf.isInf),
  unary('isNaN', tf.isNaN),
  unary('leakyRelu', tf.leakyRelu),
  unary('log', tf.log, POSITIVE),
  unary('log1p', tf.log1p, POSITIVE),
  unary('logSigmoid', tf.logSigmoid),
  unary('neg', tf.neg),
  unary('reciprocal', tf.reciprocal, POSITIVE),
  unary('relu', tf.relu),
  unary('relu6', tf.relu6),
  unary('round', tf.round),
  unary('rsqrt', tf.rsqrt, POSITIVE),
  unary('selu', tf.selu),
  unary('sigmoid', tf.sigmoid),
  unary('sign', tf.sign),
  unary('sin', tf.sin),
  unary('sinh', tf.sinh),
  unary('softplus', tf.softplus),
  unary('sqrt', tf.sqrt, POSITIVE),
  unary('square', tf.square),
  unary('step', tf.step),
  unary('tan', tf.tan, UNIT),
  unary('tanh', tf.tanh),
  { op: 'clipByValue', shapes: [matrix], run: (x) => tf.clipByValue(x!, -1, 1) },
  { op: 'prelu', shapes: [matrix, [5]], run: (x, alpha) => tf.prelu(x!, alpha!) },
  { op: 'clone', shapes: [matrix], run: (x) => tf.clone(x!) },
  { op: 'onesLike', shapes: [matrix], run: (x) => tf.onesLike(x!) },
  { op: 'zerosLike', shapes: [matrix], run: (x) => tf.zerosLike(x!) },
  { op: 'cast', variant: 'to int32', shapes: [matrix], run: (x) => tf.cast(x!, 'int32') },
  { op: 'cast', variant: 'to bool', shapes: [matrix], run: (x) => tf.cast(tf.step(x!), 'bool') },
  { op: 'cast', variant: 'from int32', shapes: [], run: () => tf.cast(ids(1, -2), 'float32') },

  // Of each element, several tensors
  ...binary('add', tf.add),
  ...binary('atan2', tf.atan2),
  ...binary('div', tf.div, POSITIVE),
  ...binary('divNoNan', tf.divNoNan, POSITIVE),
  ...binary('floorDiv', tf.floorDiv, POSITIVE),
  ...binary('maximum', tf.maximum),
  ...binary('minimum', tf.minimum),
  ...binary('mod', tf.mod, POSITIVE),
  ...binary('mul', tf.mul),
  ...binary('pow', tf.pow, POSITIVE),
  ...binary('squaredDifference', tf.squaredDifference),
  ...binary('sub', tf.sub),
  ...binary('equal', tf.equal),
  ...binary('greater', tf.greater),
  ...binary('greaterEqual', tf.greaterEqual),
  ...binary('less', tf.less),
  ...binary('lessEqual', tf.lessEqual),
  ...binary('notEqual', tf.notEqual),
  { op: 'equal', variant: 'int32', shapes: [], run: () => tf.equal(ids(1, 2, 3), ids(1, 3, 3)) },
  { op: 'addN', shapes: [matrix, matrix, matrix], run: (...x) => tf.addN(x) },
  { op: 'logicalAnd', shapes: [matrix, matrix], run: (a, b) => tf.logicalAnd(truth(a!), truth(b!)) },
  { op: 'logicalNot', shapes: [matrix], run: (a) => tf.logicalNot(truth(a!)) },
  { op: 'logicalOr', shapes: [matrix, matrix], run: (a, b) => tf.logicalOr(truth(a!), truth(b!)) },
  { op: 'logicalXor', shapes: [matrix, matrix], run: (a, b) => tf.logicalXor(truth(a!), truth(b!)) },
  { op: 'where', shapes: [matrix, matrix], run: (a, b) => tf.where(tf.tensor1d([1, 0, 1, 0, 1], 'bool'), a!, b!) },

  // Reductions
  ...reduction('sum', tf.sum),
  ...reduction('mean', tf.mean),
  ...reduction('max', tf.max),
  ...reduction('min', tf.min),
  ...reduction('prod', tf.prod, POSITIVE),
  ...reduction('logSumExp', tf.logSumExp),
  { op: 'moments', shapes: [matrix], run: (x) => Object.values(tf.moments(x!, 1)) },
  { op: 'norm', shapes: [matrix], run: (x) => tf.norm(x!, 'euclidean', 1) },
  { op: 'all', shapes: [matrix], run: (x) => tf.all(truth(x!), 1) },
  { op: 'any', shapes: [matrix], run: (x) => tf.any(truth(x!), 1) },
  { op: 'argMax', shapes: [matrix], run: (x) => tf.argMax(x!, 1) },
  { op: 'argMin', shapes: [matrix], run: (x) => tf.argMin(x!, 1) },
  { op: 'topk', shapes: [matrix], run: (x) => Object.values(tf.topk(x!, 2)) },
  { op: 'cumsum', shapes: [matrix], run: (x) => tf.cumsum(x!, 1) },
  { op: 'cumprod', shapes: [matrix], run: (x) => tf.cumprod(x!, 1) },
  { op: 'softmax', shapes: [matrix], run: (x) => tf.softmax(x as Tensor2D) },
  { op: 'logSoftmax', shapes: [matrix], run: (x) => tf.logSoftmax(x as Tensor2D) },

  // Products
  {
    op: 'matMul',
    shapes: [
      [3, 4],
      [4, 5],
    ],
    run: (a, b) => tf.matMul(a!, b!),
  },
  {
    op: 'matMul',
    variant: 'a transposed',
    shapes: [
      [4, 3],
      [4, 5],
    ],
    run: (a, b) => tf.matMul(a!, b!, true),
  },
  {
    op: 'matMul',
    variant: 'b transposed',
    shapes: [
      [3, 4],
      [5, 4],
    ],
    run: (a, b) => tf.matMul(a!, b!, false, true),
  },
  {
    op: 'matMul',
    variant: 'both transposed',
    shapes: [
      [4, 3],
      [5, 4],
    ],
    run: (a, b) => tf.matMul(a!, b!, true, true),
  },
  {
    op: 'matMul',
    variant: 'batches',
    shapes: [
      [2, 3, 4],
      [2, 4, 5],
    ],
    run: (a, b) => tf.matMul(a!, b!),
  },
  {
    op: 'matMul',
    variant: 'batch broadcast',
    shapes: [
      [2, 3, 4],
      [1, 4, 5],
    ],
    run: (a, b) => tf.matMul(a!, b!),
  },
  { op: 'dot', shapes: [[4], [4, 3]], run: (a, b) => tf.dot(a!, b!) },
  { op: 'outerProduct', shapes: [[3], [4]], run: (a, b) => tf.outerProduct(a as Tensor1D, b as Tensor1D) },
  {
    op: 'einsum',
    variant: 'ij,jk->ik',
    shapes: [
      [3, 4],
      [4, 5],
    ],
    run: (a, b) => tf.einsum('ij,jk->ik', a!, b!),
  },
  {
    op: 'einsum',
    variant: 'bij,bkj->bik',
    shapes: [
      [2, 3, 4],
      [2, 5, 4],
    ],
    run: (a, b) => tf.einsum('bij,bkj->bik', a!, b!),
  },
  {
    op: 'fused.matMul',
    variant: 'bias, relu',
    shapes: [[3, 4], [4, 5], [5]],
    run: (a, b, bias) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: 'relu' }),
  },

  // Convolutions and pools
  {
    op: 'conv1d',
    shapes: [
      [2, 7, 2],
      [3, 2, 3],
    ],
    run: (x, f) => tf.conv1d(x as Tensor3D, f as Tensor3D, 1, 'same'),
  },
  ...(['same', 'valid'] as const).flatMap((pad): Case[] => [
    { op: 'conv2d', variant: pad, shapes: [image, [3, 3, 2, 3]], run: (x, f) => tf.conv2d(x4(x), x4(f), 1, pad) },
    {
      op: 'conv2d',
      variant: `${pad}, stride 2`,
      shapes: [image, [3, 3, 2, 3]],
      run: (x, f) => tf.conv2d(x4(x), x4(f), 2, pad),
    },
  ]),
  { op: 'conv2d', variant: '1 × 1', shapes: [image, [1, 1, 2, 3]], run: (x, f) => tf.conv2d(x4(x), x4(f), 1, 'valid') },
  {
    op: 'conv2d',
    variant: 'filter smaller than stride',
    shapes: [
      [1, 9, 9, 1],
      [2, 2, 1, 2],
    ],
    run: (x, f) => tf.conv2d(x4(x), x4(f), 3, 'same'),
  },
  {
    op: 'conv2d',
    variant: 'dilation 2, forward only',
    shapes: [image, [2, 2, 2, 3]],
    run: (x, f) => tf.conv2d(x4(x), x4(f), 1, 'same', 'NHWC', 2),
  },
  {
    op: 'conv2dTranspose',
    shapes: [
      [2, 3, 3, 2],
      [3, 3, 3, 2],
    ],
    run: (x, f) => tf.conv2dTranspose(x4(x), x4(f), [2, 6, 6, 3], 2, 'same'),
  },
  {
    op: 'fused.conv2d',
    variant: 'bias, relu',
    shapes: [image, [3, 3, 2, 3], [3]],
    run: (x, f, bias) =>
      tf.fused.conv2d({ x: x4(x), filter: x4(f), bias: bias!, strides: 1, pad: 'same', activation: 'relu' }),
  },
  {
    op: 'depthwiseConv2d',
    shapes: [image, [3, 3, 2, 2]],
    run: (x, f) => tf.depthwiseConv2d(x4(x), x4(f), 1, 'same'),
  },
  {
    op: 'depthwiseConv2d',
    variant: 'stride 2',
    shapes: [image, [3, 3, 2, 1]],
    run: (x, f) => tf.depthwiseConv2d(x4(x), x4(f), 2, 'same'),
  },
  {
    op: 'fused.depthwiseConv2d',
    variant: 'bias, relu6',
    shapes: [image, [3, 3, 2, 1], [2]],
    run: (x, f, bias) =>
      tf.fused.depthwiseConv2d({ x: x4(x), filter: x4(f), bias: bias!, strides: 1, pad: 'same', activation: 'relu6' }),
  },
  {
    op: 'separableConv2d',
    shapes: [image, [3, 3, 2, 1], [1, 1, 2, 3]],
    run: (x, depth, point) => tf.separableConv2d(x4(x), x4(depth), x4(point), 1, 'same'),
  },
  {
    op: 'conv3d',
    shapes: [
      [1, 4, 4, 4, 1],
      [2, 2, 2, 1, 2],
    ],
    run: (x, f) => tf.conv3d(x5(x), x5(f), 1, 'same'),
  },
  {
    op: 'conv3dTranspose',
    shapes: [
      [1, 2, 2, 2, 2],
      [2, 2, 2, 1, 2],
    ],
    run: (x, f) => tf.conv3dTranspose(x5(x), x5(f), [1, 4, 4, 4, 1], 2, 'same'),
  },
  { op: 'maxPool', shapes: [image], run: (x) => tf.maxPool(x4(x), 2, 2, 'valid') },
  { op: 'maxPool', variant: 'overlapping', shapes: [image], run: (x) => tf.maxPool(x4(x), 3, 2, 'same') },
  { op: 'avgPool', shapes: [image], run: (x) => tf.avgPool(x4(x), 2, 2, 'valid') },
  { op: 'avgPool', variant: 'overlapping', shapes: [image], run: (x) => tf.avgPool(x4(x), 3, 2, 'same') },
  { op: 'pool', variant: 'max', shapes: [image], run: (x) => tf.pool(x4(x), 2, 'max', 'valid') },
  { op: 'maxPool3d', shapes: [[1, 4, 4, 4, 1]], run: (x) => tf.maxPool3d(x5(x), 2, 2, 'valid') },
  { op: 'avgPool3d', shapes: [[1, 4, 4, 4, 1]], run: (x) => tf.avgPool3d(x5(x), 2, 2, 'valid') },
  {
    op: 'dilation2d',
    shapes: [image, [3, 3, 2]],
    run: (x, f) => tf.dilation2d(x4(x), f as Tensor3D, 1, 'same', 1),
  },
  {
    op: 'batchNorm',
    shapes: [image, [2], [2], [2], [2]],
    range: POSITIVE,
    run: (x, mean, variance, offset, scale) =>
      tf.batchNorm(x4(x), mean as Tensor1D, variance as Tensor1D, offset as Tensor1D, scale as Tensor1D),
  },
  { op: 'localResponseNormalization', shapes: [image], run: (x) => tf.localResponseNormalization(x4(x), 1) },

  // Shape and place
  { op: 'reshape', shapes: [matrix], run: (x) => tf.reshape(x!, [5, 3]) },
  { op: 'expandDims', shapes: [matrix], run: (x) => tf.expandDims(x!, 1) },
  { op: 'squeeze', shapes: [[3, 1, 5]], run: (x) => tf.squeeze(x!, [1]) },
  { op: 'transpose', shapes: [matrix], run: (x) => tf.transpose(x!) },
  { op: 'transpose', variant: 'rank 4', shapes: [image], run: (x) => tf.transpose(x!, [0, 3, 1, 2]) },
  { op: 'concat', shapes: [matrix, matrix], run: (...x) => tf.concat(x, 1) },
  { op: 'stack', shapes: [matrix, matrix], run: (...x) => tf.stack(x, 1) },
  { op: 'unstack', shapes: [matrix], run: (x) => tf.unstack(x!, 1) },
  { op: 'split', shapes: [[4, 6]], run: (x) => tf.split(x!, 3, 1) },
  { op: 'slice', shapes: [matrix], run: (x) => tf.slice(x!, [1, 0], [2, 3]) },
  { op: 'stridedSlice', shapes: [matrix], run: (x) => tf.stridedSlice(x!, [0, 1], [3, 5], [2, 2]) },
  { op: 'tile', shapes: [matrix], run: (x) => tf.tile(x!, [2, 3]) },
  { op: 'broadcastTo', shapes: [[1, 5]], run: (x) => tf.broadcastTo(x!, [3, 5]) },
  {
    op: 'pad',
    shapes: [matrix],
    run: (x) =>
      tf.pad(x!, [
        [1, 0],
        [2, 1],
      ]),
  },
  {
    op: 'mirrorPad',
    shapes: [matrix],
    run: (x) =>
      tf.mirrorPad(
        x!,
        [
          [1, 1],
          [2, 1],
        ],
        'reflect',
      ),
  },
  { op: 'reverse', shapes: [matrix], run: (x) => tf.reverse(x!, 1) },
  { op: 'gather', shapes: [matrix], run: (x) => tf.gather(x!, ids(2, 0, 2, 1)) },
  { op: 'gather', variant: 'axis 1', shapes: [matrix], run: (x) => tf.gather(x!, ids(4, 4, 0), 1) },
  {
    op: 'gatherND',
    shapes: [matrix],
    run: (x) =>
      tf.gatherND(
        x!,
        tf.tensor2d(
          [
            [0, 1],
            [2, 4],
          ],
          [2, 2],
          'int32',
        ),
      ),
  },
  {
    op: 'scatterND',
    shapes: [[2, 5]],
    run: (x) => tf.scatterND(tf.tensor2d([[2], [0]], [2, 1], 'int32'), x!, [3, 5]),
  },
  { op: 'unsortedSegmentSum', shapes: [matrix], run: (x) => tf.unsortedSegmentSum(x!, ids(1, 0, 1), 2) },
  {
    op: 'spaceToBatchND',
    shapes: [[1, 4, 4, 2]],
    run: (x) =>
      tf.spaceToBatchND(
        x!,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
  },
  {
    op: 'batchToSpaceND',
    shapes: [[4, 2, 2, 2]],
    run: (x) =>
      tf.batchToSpaceND(
        x!,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
  },
  { op: 'depthToSpace', shapes: [[1, 2, 2, 4]], run: (x) => tf.depthToSpace(x4(x), 2) },
  { op: 'image.resizeBilinear', shapes: [image], run: (x) => tf.image.resizeBilinear(x4(x), [3, 4]) },
  {
    op: 'image.resizeBilinear',
    variant: 'larger',
    shapes: [image],
    run: (x) => tf.image.resizeBilinear(x4(x), [9, 8]),
  },
  // One image: for more, the gradient on cpu, the measure here, is not a number.
  {
    op: 'image.resizeNearestNeighbor',
    shapes: [[1, 3, 3, 2]],
    run: (x) => tf.image.resizeNearestNeighbor(x4(x), [6, 6]),
  },
  { op: 'image.flipLeftRight', shapes: [image], run: (x) => tf.image.flipLeftRight(x4(x)) },

  // Made from nothing, or from whole numbers
  { op: 'eye', shapes: [], run: () => tf.eye(3) },
  { op: 'fill', shapes: [], run: () => tf.fill([2, 3], 1.5) },
  { op: 'linspace', shapes: [], run: () => tf.linspace(0, 1, 5) },
  { op: 'ones', shapes: [], run: () => tf.ones([2, 3]) },
  { op: 'oneHot', shapes: [], run: () => tf.oneHot(ids(2, 0, 1), 4) },
  { op: 'range', shapes: [], run: () => tf.range(0, 7, 2) },
  { op: 'zeros', shapes: [], run: () => tf.zeros([2, 3]) },
  { op: 'denseBincount', shapes: [], run: () => tf.denseBincount(ids(1, 1, 3), tf.tensor1d([]), 4) },

  // Layers and losses of tfjs that are not one operation
  {
    op: 'basicLSTMCell',
    shapes: [[6, 12], [12], [2, 3], [2, 3], [2, 3]],
    run: (kernel, bias, x, c, h) =>
      tf.basicLSTMCell(tf.scalar(1), kernel as Tensor2D, bias as Tensor1D, x as Tensor2D, c as Tensor2D, h as Tensor2D),
  },
  { op: 'losses.meanSquaredError', shapes: [matrix, matrix], run: (a, b) => tf.losses.meanSquaredError(a!, b!) },
  { op: 'losses.cosineDistance', shapes: [matrix, matrix], run: (a, b) => tf.losses.cosineDistance(a!, b!, 1) },
  { op: 'losses.huberLoss', shapes: [matrix, matrix], run: (a, b) => tf.losses.huberLoss(a!, b!) },
  {
    op: 'losses.softmaxCrossEntropy',
    shapes: [matrix],
    run: (x) => tf.losses.softmaxCrossEntropy(tf.oneHot(ids(1, 0, 4), 5), x!),
  },
  {
    op: 'losses.sigmoidCrossEntropy',
    shapes: [matrix],
    run: (x) => tf.losses.sigmoidCrossEntropy(tf.oneHot(ids(1, 0, 4), 5), x!),
  },
];
