import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown, type OutputChunk, type Plugin } from 'rolldown';
import type { ScriptFile } from './manifest.ts';

/** Scripts of a site, by file name, and which of them is which module. */
export interface BundledModules {
  readonly specifiers: Record<string, string>;
  readonly scripts: Record<string, ScriptFile & { readonly code: string }>;
}

const root = join(import.meta.dirname, '..');

/** In place of these modules come ours, which know the sandbox; they import what they stand for. */
const STAND_INS: Readonly<Record<string, string>> = {
  '@simile/core/backend': join(import.meta.dirname, 'stand-ins/core-backend.ts'),
  '@tensorflow/tfjs-backend-webgpu': join(import.meta.dirname, 'stand-ins/tfjs-backend-webgpu.ts'),
};

/**
 * Bundles modules by name into scripts that share what they have in common, so that there is one copy of it. A static
 * import stays an import of `"./name.js"`; a dynamic one becomes a call of `simileSandbox.importScript("name.js")`.
 */
export async function bundleModules(names: readonly string[]): Promise<BundledModules> {
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(names.map((name) => [fileName(name), name])),
    platform: 'browser',
    preserveEntrySignatures: 'strict',
    plugins: [standIns, wasmThreads],
    logLevel: 'silent',
  });
  const { output } = await build.generate({
    format: 'esm',
    minify: true,
    // Classes and functions are shown by name.
    keepNames: true,
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await build.close();
  const chunks = output.filter((file) => file.type === 'chunk');
  const entries = new Map(chunks.filter(({ isEntry }) => isEntry).map((chunk) => [chunk.name, chunk.fileName]));
  return {
    specifiers: Object.fromEntries(names.map((name) => [name, entries.get(fileName(name))!])),
    scripts: Object.fromEntries(chunks.map((chunk) => [chunk.fileName, script(chunk)])),
  };
}

/** One script without imports, as a text. */
export async function bundleScript(file: string): Promise<string> {
  const build = await rolldown({ cwd: root, input: file, platform: 'browser', logLevel: 'silent' });
  const { output } = await build.generate({ format: 'iife', minify: true, codeSplitting: false });
  await build.close();
  if (output.length !== 1) throw new Error(`${file} must become one script`);
  return output[0].code;
}

function script(chunk: OutputChunk): ScriptFile & { code: string } {
  let { code } = chunk;
  for (const file of chunk.dynamicImports) {
    const call = new RegExp(`import\\((["'\`])\\./${file.replaceAll('.', '\\.')}\\1\\)`, 'g');
    const changed = code.replace(call, `simileSandbox.importScript("${file}")`);
    if (changed === code) throw new Error(`${chunk.fileName} does not import ${file} as expected`);
    code = changed;
  }
  for (const file of chunk.imports) {
    if (!code.includes(`"./${file}"`)) throw new Error(`${chunk.fileName} does not import ${file} as expected`);
  }
  return { imports: chunk.imports, bytes: Buffer.byteLength(code), packedBytes: gzipSync(code).length, code };
}

function fileName(moduleName: string): string {
  return moduleName.replace('@', '').replaceAll('/', '-');
}

const standIns: Plugin = {
  name: 'stand-ins',
  resolveId: (source, importer) => (STAND_INS[source] === importer ? undefined : STAND_INS[source]),
};

/** tfjs starts its wasm threads from a function's text, in which a minified outer name means nothing. */
const wasmThreads: Plugin = {
  name: 'tfjs-wasm-threads',
  transform: (code, id) =>
    id.includes('tfjs-backend-wasm-threaded-simd.js')
      ? code.replace(/\b_scriptDir\b(?! *=)/g, '(undefined)')
      : undefined,
};
