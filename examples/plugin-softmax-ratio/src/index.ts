export { plugin } from './plugin.ts';
export { softmaxRatio, type SoftmaxRatioOptions } from './softmax-ratio.ts';
