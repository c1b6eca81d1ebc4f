import { describe, expect, it } from 'vitest';
import { flatBuilds } from '../flat/flat.wasm.ts';
import { loadKernel } from './load-kernel.ts';

describe('loadKernel', () => {
  it('takes the best build that compiles, or the one asked for', async () => {
    const { name } = await loadKernel('here', flatBuilds);
    expect(['relaxed-simd', 'simd']).toContain(name);
    expect(await loadKernel('here', flatBuilds, { kernel: 'simd' })).toMatchObject({ name: 'simd', shared: false });
  });

  it('compiles once a process', async () => {
    const [a, b] = await Promise.all([loadKernel('here', flatBuilds), loadKernel('there', flatBuilds)]);
    expect(a.module).toBe(b.module);
  });

  it.each([false, true])('takes a memory that is shared: %s', async (shared) => {
    const { module } = await loadKernel('here', flatBuilds, { kernel: 'simd', shared });
    const memory = (isShared: boolean): WebAssembly.Memory =>
      new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: isShared });
    expect(new WebAssembly.Instance(module, { env: { memory: memory(shared) } })).toBeDefined();
    expect(() => new WebAssembly.Instance(module, { env: { memory: memory(!shared) } })).toThrow(WebAssembly.LinkError);
  });

  it('says which build is not there', async () => {
    await expect(loadKernel('here', flatBuilds, { kernel: 'scalar' })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: here: kernel scalar must be one that this host can compile, but got 'scalar'. Leave kernel out: 'auto' takes the best there is. [ERR_BACKEND]]`,
    );
    const broken = { simd: btoa(String.fromCharCode(0, 97, 115, 109, 1, 0, 0, 0, 9)) };
    await expect(loadKernel('here', broken)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[SimileError: here: kernel auto must be one that this host can compile, but got 'auto'. Leave kernel out: 'auto' takes the best there is. [ERR_BACKEND]]`,
    );
  });
});
