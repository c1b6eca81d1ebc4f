import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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
    expect(new WebAssembly.Instance(module, { env: { memory: memory(shared) } })).toBeInstanceOf(WebAssembly.Instance);
    expect(() => new WebAssembly.Instance(module, { env: { memory: memory(!shared) } })).toThrow(WebAssembly.LinkError);
  });

  describe('takes the kernel from elsewhere', () => {
    const bytes = (): Uint8Array<ArrayBuffer> =>
      Uint8Array.from(atob(flatBuilds.simd!), (letter) => letter.charCodeAt(0));
    const memory = (shared: boolean): WebAssembly.Memory =>
      new WebAssembly.Memory({ initial: 1, maximum: 65536, shared });

    it('as bytes, as a module, as a response or an address', async () => {
      const address = `data:application/wasm;base64,${flatBuilds.simd!}`;
      for (const wasm of [
        bytes(),
        bytes().buffer,
        Promise.resolve(bytes()),
        new Response(bytes()),
        new URL(address),
        address,
      ]) {
        const { name, module, shared } = await loadKernel('here', flatBuilds, { wasm });
        expect([name, shared]).toEqual(['simd', false]); // as its note says, whatever this host would have taken
        expect(new WebAssembly.Instance(module, { env: { memory: memory(false) } })).toBeInstanceOf(
          WebAssembly.Instance,
        );
      }
      const module = new WebAssembly.Module(bytes());
      expect((await loadKernel('here', flatBuilds, { wasm: module })).module).toBe(module);
    });

    it('from a file of Node', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'simile-kernel-'));
      writeFileSync(join(folder, 'flat.simd.wasm'), bytes());
      const wasm = (file: string): URL => pathToFileURL(join(folder, file));
      expect(await loadKernel('here', flatBuilds, { wasm, kernel: 'simd' })).toMatchObject({ name: 'simd' });
      rmSync(folder, { recursive: true });
      await expect(loadKernel('here', flatBuilds, { wasm, kernel: 'simd' })).rejects.toThrow(
        /^here: wasm must be there to be read, but got 'file:.*flat\.simd\.wasm'\. Serve .* \[ERR_FILE\]$/,
      );
    });

    it('and makes it take a shared memory, but for a module that is compiled already', async () => {
      const shared = await loadKernel('here', flatBuilds, { wasm: bytes(), shared: true });
      expect(shared.shared).toBe(true);
      expect(new WebAssembly.Instance(shared.module, { env: { memory: memory(true) } })).toBeInstanceOf(
        WebAssembly.Instance,
      );
      const module = new WebAssembly.Module(bytes());
      expect(await loadKernel('here', flatBuilds, { wasm: module, shared: true })).toMatchObject({ shared: false });
    });

    it('asks for the best file that this host can run', async () => {
      const asked: string[] = [];
      const wasm = (file: string): Uint8Array => (asked.push(file), bytes());
      await loadKernel('here', { id: 'flat', scalar: '', simd: '', 'relaxed-simd': '' }, { wasm });
      const { name } = await loadKernel('here', flatBuilds);
      expect(asked).toEqual([`flat.${name}.wasm`]);
    });

    it('refuses what is no kernel, or another', async () => {
      const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
      await expect(loadKernel('here', flatBuilds, { wasm: empty })).rejects.toThrowErrorMatchingInlineSnapshot(
        `[SimileError: here: wasm must be the kernel flat, but got 'a module without a note'. Pass @simile/index/wasm/flat.simd.wasm of this version, or leave wasm out. [ERR_OPTION]]`,
      );
      const other = { ...flatBuilds, id: 'hnsw' };
      await expect(loadKernel('here', other, { wasm: bytes() })).rejects.toThrowErrorMatchingInlineSnapshot(
        `[SimileError: here: wasm must be the kernel hnsw, but got 'flat simd'. Pass @simile/index/wasm/hnsw.simd.wasm of this version, or leave wasm out. [ERR_OPTION]]`,
      );
      await expect(loadKernel('here', flatBuilds, { wasm: Uint8Array.of(1) })).rejects.toThrow(
        /^here: wasm must hold a kernel that this host can compile \(.*\)\. Leave wasm out .* \[ERR_BACKEND\]$/,
      );
      await expect(loadKernel('here', flatBuilds, { wasm: 7 as never })).rejects.toThrowErrorMatchingInlineSnapshot(
        `[SimileError: here: wasm must be a module, bytes, a response or an address, but got 7. Leave wasm out to use the bytes inside the package. [ERR_OPTION]]`,
      );
      const missing = Response.json({}, { status: 404 });
      await expect(loadKernel('here', flatBuilds, { wasm: missing })).rejects.toThrowErrorMatchingInlineSnapshot(
        `[SimileError: here: wasm must be there to be read, but got 'status 404'. Serve the file there, or leave wasm out to use the bytes inside the package. [ERR_FILE]]`,
      );
    });
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
