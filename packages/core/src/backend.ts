export { ensureGradients } from './backend/ensure-gradients.ts';
export { formatBackendReport } from './backend/format-backend-report.ts';
export type { BackendName, WasmPaths } from './backend/load-backend.ts';
export { selectBackend, type SelectBackendOptions } from './backend/select-backend.ts';
export type { BackendReport, BackendTrial } from './backend/try-backend.ts';
