export { convolutionWorkspaceBytes, convolve, inputGradient } from './convolution';
export { filterGradient } from './filter-gradient';
export { gemm, gemmWorkspaceBytes } from './gemm';
export { adam, descend, momentum } from './optimizers';
