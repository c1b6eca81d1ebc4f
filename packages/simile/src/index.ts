export * from '@simile/core';
export { formatBackendReport, selectBackend, type BackendName, type BackendReport } from '@simile/core/backend';
export { SimileError } from '@simile/core/errors';
export * from '@simile/backend-wasm';
export { angular as angularDistance } from '@simile/distances';
export * from '@simile/distances';
export * from '@simile/distances/vectors';
export { angular } from '@simile/losses'; // the distance of this name is angularDistance
export * from '@simile/losses';
export * from '@simile/miners';
export * from '@simile/samplers';
export * from '@simile/augmenters';
export * from '@simile/datasets';
export * from '@simile/layers';
export * from '@simile/models';
export * from '@simile/metrics';
export * from '@simile/index';
export type { Label } from '@simile/index';
export * from '@simile/visualization';
