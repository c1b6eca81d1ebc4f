export { fusedAdam, type FusedAdamOptions } from './fused-adam.ts';
export { fusedSgd, type FusedSgdOptions } from './fused-sgd.ts';
export { registerWasmBackend, type RegisterWasmBackendOptions, type WasmReport } from './register-wasm-backend.ts';
