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
  inputGradient: Convolution;
  filterGradient: Convolution;
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
