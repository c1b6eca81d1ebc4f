import { expect, it } from 'vitest';
import { formatBackendReport } from './format-backend-report.ts';

it('tells what is in use, and of each backend tried how it went', () => {
  const report = {
    chosen: 'simile-wasm',
    simd: true,
    relaxedSimd: true,
    threads: 4,
    training: true,
    tried: [
      { name: 'webgpu', ok: false, reason: 'WebGPU has no adapter here' },
      { name: 'webgl', ok: true, milliseconds: 123.45, device: 'SwiftShader' },
      { name: 'wasm', ok: true, milliseconds: 6.04 },
    ],
  } as const;
  expect(formatBackendReport(report)).toBe(
    [
      'Backend simile-wasm (relaxed SIMD, 4 threads), gradients proven',
      '  webgpu  failed  WebGPU has no adapter here',
      '  webgl   ok      123.5 ms a step  SwiftShader',
      '  wasm    ok      6.0 ms a step',
    ].join('\n'),
  );
});

it('names the GPU in use, plain SIMD, and a proof of outputs only', () => {
  const base = { simd: false, relaxedSimd: false, threads: 1, training: false };
  const tried = [{ name: 'webgl', ok: true, milliseconds: 2, device: 'Radeon' }] as const;
  expect(formatBackendReport({ ...base, chosen: 'webgl', tried })).toMatch(
    /^Backend webgl \(Radeon\), outputs proven\n/,
  );
  expect(formatBackendReport({ ...base, chosen: 'cpu', tried: [] })).toBe('Backend cpu (1 thread), outputs proven');
  expect(formatBackendReport({ ...base, chosen: 'simile-wasm', simd: true, tried: [] })).toBe(
    'Backend simile-wasm (SIMD, 1 thread), outputs proven',
  );
});
