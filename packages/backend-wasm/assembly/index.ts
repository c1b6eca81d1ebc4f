export { batchNormalizationSums, batchNormalize } from './batch-normalization';
export { convolutionWorkspaceBytes, convolve, inputGradient } from './convolution';
export { depthwiseConvolve, depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
export { binary, compare, unary } from './elementwise';
export { filterGradient } from './filter-gradient';
export { gemm, gemmWorkspaceBytes } from './gemm';
export { adam, descend, momentum } from './optimizers';
export { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from './pool';
export { segmentSum, spread, sum } from './reduce';
