import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { getBackend, memory, tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { formatBackendReport, selectBackend, type BackendName, type BackendReport } from './backend.ts';

// GPUs made of software need seconds for what GPUs do in milliseconds, more beside other tests.
vi.setConfig({ testTimeout: 300_000 });

const wasmPaths = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
};

/** Runs selectBackend in a module worker. */
function inWorker(options: object): Promise<BackendReport> {
  const worker = new Worker(new URL('../test/backend.worker.ts', import.meta.url), { type: 'module' });
  return new Promise<BackendReport>((resolve, reject) => {
    worker.addEventListener('message', ({ data }) =>
      data.error ? reject(new Error(data.error)) : resolve(data.report),
    );
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.postMessage(options);
  }).finally(() => worker.terminate());
}

const registered: Record<BackendName, string> = { webgpu: 'webgpu', webgl: 'webgl', wasm: 'simile-wasm', cpu: 'cpu' };

describe('in a window', () => {
  it('is isolated, so that memory can be shared and threads can run', () => {
    expect(globalThis.crossOriginIsolated).toBe(true);
  });

  it.each(['cpu', 'wasm', 'webgl', 'webgpu'] as const)('%s proves its gradients when named', async (name) => {
    const report = await selectBackend({ prefer: name, wasmPaths });
    expect(report).toMatchObject({ chosen: registered[name], training: true, tried: [{ name, ok: true }] });
    expect(report.tried[0]!.milliseconds).toBeGreaterThan(0);
    expect(getBackend()).toBe(registered[name]);
    expect([...(await tensor1d([1, 2]).data())]).toEqual([1, 2]);
  });

  it('wasm tells SIMD and threads, a GPU its name', async () => {
    const wasm = await selectBackend({ prefer: 'wasm', wasmPaths });
    expect(wasm.simd).toBe(true);
    expect(wasm.threads).toBeGreaterThanOrEqual(1);
    const webgl = await selectBackend({ prefer: 'webgl' });
    expect(webgl.tried[0]!.device).toMatch(/SwiftShader|ANGLE/);
  });

  it('auto tries every one and takes the fastest', async () => {
    const before = memory().numTensors;
    const report = await selectBackend({ wasmPaths });
    expect(
      report.tried.map(({ name, ok }) => [name, ok]),
      formatBackendReport(report),
    ).toEqual([
      ['wasm', true],
      ['webgpu', true],
      ['webgl', true],
    ]);
    const fastest = [...report.tried].sort((a, b) => a.milliseconds! - b.milliseconds!)[0]!;
    expect(report.chosen).toBe(registered[fastest.name]);
    // These GPUs are made of software on the CPU that wasm runs on as well.
    expect(report.chosen).toBe('simile-wasm');
    expect(memory().numTensors).toBe(before);
  });

  it('an unknown name is refused, and what was in use stays', async () => {
    await selectBackend({ prefer: 'cpu', training: false });
    const error = await selectBackend({ prefer: 'metal' as BackendName }).catch((e: unknown) => e);
    expect((error as Error).message).toBe(
      "select-backend: prefer must be 'auto', one of 'webgpu', 'webgl', 'wasm', 'cpu', or a list of those, but got 'metal'. Leave prefer out to let Simile choose. [ERR_OPTION]",
    );
    expect(getBackend()).toBe('cpu');
  });
});

describe('in a module worker', () => {
  it.each(['wasm', 'webgl', 'webgpu', 'cpu'] as const)('%s proves its gradients when named', async (prefer) => {
    const report = await inWorker({ prefer, wasmPaths });
    expect(report).toMatchObject({ chosen: registered[prefer], training: true, tried: [{ name: prefer, ok: true }] });
  });

  it('auto takes the fastest', async () => {
    const report = await inWorker({ wasmPaths });
    expect(report.tried).toHaveLength(3);
    expect(report.chosen, formatBackendReport(report)).toBe('simile-wasm');
  });

  it('an unknown name is refused', async () => {
    await expect(inWorker({ prefer: 'metal' })).rejects.toThrow('[ERR_OPTION]');
  });
});
