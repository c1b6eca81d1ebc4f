/** Strides, paddings and sizes of a convolution, in the order that every convolution kernel takes them. */
export type ConvolutionNumbers = [
  batch: number,
  height: number,
  width: number,
  channels: number,
  outHeight: number,
  outWidth: number,
  outChannels: number,
  filterHeight: number,
  filterWidth: number,
  strideHeight: number,
  strideWidth: number,
  padTop: number,
  padLeft: number,
  dilationHeight: number,
  dilationWidth: number,
];

type Convolution = (first: number, second: number, out: number, workspace: number, ...of: ConvolutionNumbers) => void;

/** Sizes and paddings of a 3 × 3 convolution of stride 1. */
export type WinogradNumbers = [
  batch: number,
  height: number,
  width: number,
  channels: number,
  outHeight: number,
  outWidth: number,
  outChannels: number,
  padTop: number,
  padLeft: number,
];

type Depthwise = (a: number, b: number, out: number, multiplier: number, ...of: ConvolutionNumbers) => void;

/** Sizes of four nested loops, or the strides of an operand along them. */
type Four = [number, number, number, number];

/** Strides by row and by column. */
type Pair = [number, number];

/** Sizes, strides and paddings of a pooling window, in the order that pooling kernels take them. */
export type PoolNumbers = [
  batch: number,
  height: number,
  width: number,
  channels: number,
  outHeight: number,
  outWidth: number,
  filterHeight: number,
  filterWidth: number,
  strideHeight: number,
  strideWidth: number,
  padTop: number,
  padLeft: number,
];

/** What the modules built from `assembly/` export. Pointers are byte offsets, sizes and strides are in floats. */
export interface KernelExports {
  gemmWorkspaceBytes(): number;
  gemm(
    rows: number,
    columns: number,
    depth: number,
    left: number,
    leftRowStride: number,
    leftColumnStride: number,
    right: number,
    rightRowStride: number,
    rightColumnStride: number,
    out: number,
    outStride: number,
    workspace: number,
    add: number,
  ): void;
  convolutionWorkspaceBytes(channels: number): number;
  convolve: Convolution;
  winogradWorkspaceBytes(channels: number, outChannels: number): number;
  winogradConvolve(
    x: number,
    filter: number,
    out: number,
    workspace: number,
    flipped: number,
    ...of: WinogradNumbers
  ): void;
  winogradFilterGradient(x: number, dy: number, dw: number, workspace: number, ...of: WinogradNumbers): void;
  inputGradient: Convolution;
  filterGradient: Convolution;
  depthwiseConvolve: Depthwise;
  depthwiseFilterGradient: Depthwise;
  depthwiseInputGradient: Depthwise;
  maxPool(x: number, y: number, ...of: PoolNumbers): void;
  averagePool(x: number, y: number, ...of: PoolNumbers): void;
  maxPoolGradient(x: number, dy: number, dx: number, ...of: PoolNumbers): void;
  averagePoolGradient(dy: number, dx: number, ...of: PoolNumbers): void;
  binary(operation: number, ...rest: [...Four, number, ...Four, number, ...Four, out: number]): void;
  compare(operation: number, integers: number, ...rest: [...Four, number, ...Four, number, ...Four, number]): void;
  reluGradient(size: number, dy: number, x: number, out: number, one: number): void;
  unary(operation: number, size: number, x: number, out: number, parameter: number): void;
  sum(outer: number, reduced: number, inner: number, x: number, out: number, divisor: number): void;
  spread(outer: number, reduced: number, inner: number, x: number, out: number, divisor: number): void;
  segmentSum(rows: number, inner: number, segments: number, x: number, ids: number, out: number): void;
  normalizeRows(rows: number, depth: number, x: number, out: number, least: number): void;
  normalizeRowsGradient(rows: number, depth: number, dy: number, x: number, out: number, least: number): void;
  squaredDifferences(n: number, m: number, d: number, a: number, b: number, out: number, same: number): void;
  pullOfDifferences(...of: [n: number, m: number, d: number, weights: number, ...Pair, ...Four]): void;
  batchNormalize(
    rows: number,
    channels: number,
    x: number,
    mean: number,
    variance: number,
    scale: number,
    offset: number,
    epsilon: number,
    y: number,
    factor: number,
  ): void;
  batchNormalizationSums(
    rows: number,
    channels: number,
    x: number,
    dy: number,
    mean: number,
    sums: number,
    products: number,
  ): void;
  adam(
    size: number,
    weights: number,
    first: number,
    second: number,
    gradient: number,
    beta1: number,
    beta2: number,
    oneMinusBeta1: number,
    oneMinusBeta2: number,
    rate: number,
    firstScale: number,
    secondScale: number,
    epsilon: number,
  ): void;
  momentum(
    size: number,
    weights: number,
    accumulation: number,
    gradient: number,
    rate: number,
    share: number,
    nesterov: number,
  ): void;
  descend(size: number, weights: number, gradient: number, rate: number): void;
}
