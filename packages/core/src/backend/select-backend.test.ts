import '@tensorflow/tfjs-backend-cpu';
import {
  backend,
  copyRegisteredKernels,
  findBackend,
  findBackendFactory,
  getBackend,
  getKernel,
  getKernelsForBackend,
  memory,
  ready,
  registerBackend,
  registerKernel,
  removeBackend,
  setBackend,
  tensor1d,
  unregisterKernel,
  type KernelBackend,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { selectBackend, type BackendName } from '../backend.ts';
import { SimileError } from '../errors.ts';

// The test has a backend of this name; the package would register its kernels for it.
vi.mock('@tensorflow/tfjs-backend-webgl', () => ({}));

/** A canvas that offers WebGL 2, as far as anyone asks before tfjs does. */
class Canvas {
  getContext(): object {
    return { getExtension: () => null, getParameter: () => 'Test GPU', RENDERER: 0 };
  }
}

/** Puts a backend of the test's own where tfjs-backend-webgl would register one. */
function offerWebgl(start: () => KernelBackend | Promise<KernelBackend>): void {
  vi.stubGlobal('OffscreenCanvas', Canvas);
  copyRegisteredKernels('cpu', 'webgl');
  registerBackend('webgl', start, 2);
}

async function cpuInstance(): Promise<KernelBackend> {
  await setBackend('cpu');
  return findBackend('cpu');
}

const messageOf = (error: unknown): string => (error as Error).message;

beforeEach(async () => {
  await setBackend('cpu');
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  if (findBackendFactory('webgl')) removeBackend('webgl');
  for (const { kernelName } of getKernelsForBackend('webgl')) unregisterKernel(kernelName, 'webgl');
});

describe('in Node', () => {
  it('takes wasm, and reports what it computes with', async () => {
    const report = await selectBackend();
    expect(report).toMatchObject({ chosen: 'simile-wasm', simd: true, training: true, threads: 1 });
    expect(typeof report.relaxedSimd).toBe('boolean');
    expect(report.tried).toEqual([{ name: 'wasm', ok: true, milliseconds: expect.any(Number) }]);
    expect(report.tried[0]!.milliseconds).toBeGreaterThan(0);
    expect(getBackend()).toBe('simile-wasm');
  });

  it('takes cpu when it is named, with and without gradients', async () => {
    const training = await selectBackend({ prefer: 'cpu' });
    const embedding = await selectBackend({ prefer: 'cpu', training: false });
    expect(training).toMatchObject({ chosen: 'cpu', simd: false, relaxedSimd: false, threads: 1, training: true });
    expect(embedding).toMatchObject({ chosen: 'cpu', training: false });
    expect(embedding.tried[0]!.milliseconds).toBeLessThan(training.tried[0]!.milliseconds!);
    expect(getBackend()).toBe('cpu');
  });

  it('takes the first of a list that works, and loads none after it', async () => {
    const report = await selectBackend({ prefer: ['webgpu', 'webgl', 'cpu', 'wasm'], training: false });
    expect(report.chosen).toBe('cpu');
    expect(report.tried).toEqual([
      { name: 'webgpu', ok: false, reason: 'there is no WebGPU here' },
      { name: 'webgl', ok: false, reason: 'there is no WebGL here' },
      { name: 'cpu', ok: true, milliseconds: expect.any(Number) },
    ]);
  });

  it('waits for a call under way: the last one decides', async () => {
    const reports = await Promise.allSettled([
      selectBackend({ prefer: 'wasm', training: false }),
      selectBackend({ prefer: 'webgl' }),
      selectBackend({ prefer: 'cpu', training: false }),
    ]);
    expect(reports.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(getBackend()).toBe('cpu');
  });

  it('leaves no tensor, neither on success nor on failure', async () => {
    await selectBackend({ prefer: 'cpu' });
    const before = memory().numTensors;
    await selectBackend({ prefer: 'cpu' });
    await selectBackend({ prefer: 'webgpu' }).catch(() => {});
    expect(memory().numTensors).toBe(before);
  });
});

describe('a name', () => {
  it('is obeyed or fails with the reason, and tfjs goes on computing on what it did', async () => {
    const error = await selectBackend({ prefer: 'webgl' }).catch((e: unknown) => e);
    expect(messageOf(error)).toMatchInlineSnapshot(
      `"select-backend: backend webgl must start and compute a known graph right, but did not: there is no WebGL here. Mend that, or leave prefer out to let Simile choose among the backends that work here. [ERR_BACKEND]"`,
    );
    expect(SimileError.is(error) && error.code).toBe('ERR_BACKEND');
    expect(getBackend()).toBe('cpu');
    expect(tensor1d([1, 2]).dataSync()[1]).toBe(2);
  });

  it('of a list fails only when all do, with each reason', async () => {
    const error = await selectBackend({ prefer: ['webgpu', 'webgl'] }).catch((e: unknown) => e);
    expect(messageOf(error)).toMatchInlineSnapshot(
      `"select-backend: one of the backends asked for must start and compute a known graph right, but none did (webgpu: there is no WebGPU here; webgl: there is no WebGL here). Mend that, or leave prefer out to let Simile choose among the backends that work here. [ERR_BACKEND]"`,
    );
  });

  it.each(['tpu', '', 'simile-wasm', undefined, null, 3])('that is unknown is refused: %j', async (name) => {
    if (name === undefined) return expect(selectBackend({ prefer: [] })).rejects.toThrow(/prefer must be/);
    return expect(selectBackend({ prefer: name as BackendName })).rejects.toMatchObject({ code: 'ERR_OPTION' });
  });

  it('that is unknown gets the list of those known', async () => {
    const error = await selectBackend({ prefer: ['cpu', 'tpu' as BackendName] }).catch((e: unknown) => e);
    expect(messageOf(error)).toMatchInlineSnapshot(
      `"select-backend: prefer must be 'auto', one of 'webgpu', 'webgl', 'wasm', 'cpu', or a list of those, but got 'tpu'. Leave prefer out to let Simile choose. [ERR_OPTION]"`,
    );
    await expect(selectBackend({ prefers: 'cpu' } as object)).rejects.toMatchObject({ code: 'ERR_OPTION' });
  });
});

describe('a backend that starts', () => {
  it('is refused when its gradient is wrong, though its output is right', async () => {
    const instance = await cpuInstance();
    offerWebgl(() => instance);
    spoil('Conv2DBackpropFilter', () => 0);
    const training = await selectBackend({ prefer: ['webgl', 'cpu'] });
    expect(training.chosen).toBe('cpu');
    expect(training.tried[0]).toEqual({
      name: 'webgl',
      ok: false,
      reason: 'its gradient of a known graph is wrong: 0 in place of 6448',
      device: 'Test GPU',
    });
    expect((await selectBackend({ prefer: 'webgl', training: false })).chosen).toBe('webgl');
  });

  it('is refused when it lacks a kernel for the gradient', async () => {
    const instance = await cpuInstance();
    offerWebgl(() => instance);
    unregisterKernel('Conv2DBackpropFilter', 'webgl');
    const report = await selectBackend({ prefer: ['webgl', 'cpu'] });
    expect(report.tried[0]!.reason).toMatch(/Conv2DBackpropFilter/);
  });

  it('is refused when it works in 16 bits and is to train', async () => {
    const instance = await cpuInstance();
    offerWebgl(() => instance);
    for (const name of ['BatchMatMul', 'Conv2DBackpropFilter', 'Conv2DBackpropInput', 'Conv2D']) spoil(name, half);
    const report = await selectBackend({ prefer: ['webgl', 'cpu'] });
    expect(report.tried[0]!.reason).toMatch(/gradient of a known graph is wrong/);
    expect((await selectBackend({ prefer: 'webgl', training: false })).chosen).toBe('webgl');
  });

  it('is refused when it fails to start, with its own words', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    offerWebgl(() => {
      throw new Error('driver is on a list of bad ones');
    });
    const report = await selectBackend({ prefer: ['webgl', 'cpu'], training: false });
    expect(report.tried[0]!.reason).toBe('driver is on a list of bad ones');
    vi.restoreAllMocks();
  });
});

describe('a driver that hangs', () => {
  const never = new Promise<never>(() => {});

  it('at the adapter is passed over after 5 seconds', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => never } });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const selected = selectBackend({ prefer: ['webgpu', 'cpu'], training: false });
    await vi.advanceTimersByTimeAsync(5000);
    vi.useRealTimers();
    const report = await selected;
    expect(report.chosen).toBe('cpu');
    expect(report.tried[0]!.reason).toBe('the WebGPU adapter did not answer within 5 s');
  });

  it('at the start is passed over after a minute, and holds up nothing later', async () => {
    offerWebgl(() => never);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const selected = selectBackend({ prefer: ['webgl', 'cpu'], training: false });
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    const report = await selected;
    expect(report.tried[0]!.reason).toBe('starting webgl did not answer within 60 s');
    await ready();
    expect(getBackend()).toBe('cpu');
  });

  it('has no adapter to give', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(null) } });
    await expect(selectBackend({ prefer: 'webgpu' })).rejects.toThrow('WebGPU has no adapter here');
  });
});

describe('in a window or worker', () => {
  it('all are tried and the fastest is taken: wasm before a GPU made of software', async () => {
    const instance = await cpuInstance();
    vi.stubGlobal('WorkerGlobalScope', class {});
    offerWebgl(() => instance);
    const report = await selectBackend();
    expect(report.tried.map(({ name, ok }) => [name, ok])).toEqual([
      ['wasm', true],
      ['webgpu', false],
      ['webgl', true],
    ]);
    expect(report.chosen).toBe('simile-wasm');
    expect(getBackend()).toBe('simile-wasm');
    const [wasm, , webgl] = report.tried;
    expect(wasm!.milliseconds).toBeLessThan(webgl!.milliseconds!);
  });
});

describe('a signal', () => {
  it('that is aborted stops before anything changes', async () => {
    await expect(selectBackend({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    expect(getBackend()).toBe('cpu');
  });

  it('stops a trial that is under way, and tfjs computes on what it did before', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => new Promise(() => {}) } });
    const controller = new AbortController();
    const selected = selectBackend({ prefer: ['webgpu', 'wasm'], signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(selected).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    expect(getBackend()).toBe('cpu');
  });
});

/** Makes a kernel of the test's backend give other numbers. */
function spoil(name: string, change: (value: number) => number): void {
  const { kernelFunc, ...rest } = getKernel(name, 'webgl');
  unregisterKernel(name, 'webgl');
  registerKernel({
    ...rest,
    kernelFunc: (params) => {
      const result = kernelFunc(params as never) as TensorInfo;
      const values = backend().readSync(result.dataId) as Float32Array;
      values.set(values.map(change));
      return result;
    },
  });
}

/** The nearest number with 11 significant bits. */
function half(value: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 10);
  return Math.round(value / unit) * unit;
}
