// Writes what programs of the playground import and fetch, and the scripts of the sandbox, for the site to serve.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundleModules, bundleScript } from './bundle-modules.ts';
import type { DataFile, Manifest, ScriptFile } from './manifest.ts';
import { moduleNames } from './module-names.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'pages/public/modules');

mkdirSync(folder, { recursive: true });
const written = new Set<string>();

const { specifiers, scripts } = await bundleModules(moduleNames());
for (const [file, { code }] of Object.entries(scripts)) write(file, code);

const manifest: Manifest = {
  specifiers,
  scripts: Object.fromEntries(
    Object.entries(scripts).map(([file, { imports, bytes, packedBytes }]): [string, ScriptFile] => [
      file,
      { imports, bytes, packedBytes },
    ]),
  ),
  data: { ...dataFiles(), ...wasmFiles() },
  frame: writeHashed('frame', 'js', await bundleScript('src/sandbox/frame/frame.ts')),
  worker: writeHashed('worker', 'js', await bundleScript('src/sandbox/worker/worker.ts')),
};
write('manifest.json', JSON.stringify(manifest));
// What an earlier build left goes last: a page that is being served meanwhile lacks nothing.
for (const file of readdirSync(folder)) if (!written.has(file)) rmSync(join(folder, file));

function write(file: string, content: string | Uint8Array): void {
  written.add(file);
  writeFileSync(join(folder, file), content);
}

/** As `.bin`: some hosts unpack a `.gz` on the way. */
function dataFiles(): Record<string, DataFile> {
  const files = readdirSync(join(root, 'data'), { recursive: true, withFileTypes: true });
  const shipped = files.filter((file) => file.isFile() && !/\.(ts|md)$/.test(file.name));
  return Object.fromEntries(
    shipped.map((file): [string, DataFile] => {
      const path = join(file.parentPath, file.name);
      const name = path.slice(root.length + 1).replaceAll('\\', '/');
      return [name, writeData(name.replace(/^data\//, '').replaceAll(/[^\w-]+/g, '-'), 'bin', readFileSync(path))];
    }),
  );
}

/** tfjs asks for them by these names, without a folder. */
function wasmFiles(): Record<string, DataFile> {
  const dist = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  const names = readdirSync(dist).filter((name) => name.endsWith('.wasm'));
  return Object.fromEntries(
    names.map((name) => [name, writeData(name.replace('.wasm', ''), 'wasm', readFileSync(join(dist, name)))]),
  );
}

function writeData(name: string, ending: string, content: Uint8Array): DataFile {
  return { file: writeHashed(name, ending, content), bytes: content.length };
}

function writeHashed(name: string, ending: string, content: string | Uint8Array): string {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 8);
  const file = `${name}-${hash}.${ending}`;
  write(file, content);
  return file;
}
