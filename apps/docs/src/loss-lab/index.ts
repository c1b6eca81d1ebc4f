export type { ForeignLosses } from './foreign.ts';
export { mountLossLab, type LossLabOptions } from './loss-lab.ts';
