export { multiShotSampler } from './multi-shot-sampler.ts';
export type { FlippedClass, MultiShotSampler, MultiShotSamplerOptions } from './multi-shot-sampler.ts';
export { default as samplersPlugin } from './plugin.ts';
export { twoViewSampler, type TwoViewSampler, type TwoViewSamplerOptions } from './two-view-sampler.ts';
