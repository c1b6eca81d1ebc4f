// What the built package has beside its modules: the script of the engine worker as a text inside one of them, and as files for those
// who want files: kernels in dist/wasm with their SHA-256, scripts of workers in dist/standalone.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const KIND = /[/\\]engine-worker-script\.ts$/;

/** A plug-in that puts the script of the engine worker into engine-worker-script.ts. */
export function engineWorkerText() {
  return {
    name: 'engine-worker-text',
    async transform(code, id) {
      if (!KIND.test(id)) return undefined;
      const text = JSON.stringify(await engineWorker());
      const body = /\{[^{}]*import\.meta\.url[^{}]*\}/;
      if (!body.test(code)) throw new Error('engine-worker-script.ts does not name its file any more');
      return { code: code.replace(body, () => `{ return ${text}; }`), map: { mappings: '' } };
    },
  };
}

/** Writes the files. */
export async function writeStandalone() {
  const { threadCode } = await import('../src/workers/thread-code.ts');
  write('standalone/thread.js', threadCode);
  write('standalone/engine.js', await engineWorker());
  const sums = [];
  for (const kernel of readdirSync(join(root, 'src'))) {
    const source = join(root, 'src', kernel, `${kernel}.wasm.ts`);
    const builds = await import(source).then(
      (module) => module[`${kernel}Builds`],
      () => ({}), // a folder without a kernel
    );
    for (const [build, base64] of Object.entries(builds)) {
      if (build === 'id') continue;
      const bytes = Buffer.from(base64, 'base64');
      const file = `${kernel}.${build}.wasm`;
      write(`wasm/${file}`, bytes);
      sums.push(`${createHash('sha256').update(bytes).digest('hex')}  ${file}\n`);
    }
  }
  write('wasm/SHA256SUMS', sums.join(''));
}

let bundled;

/** The script, one text without imports. */
function engineWorker() {
  return (bundled ??= bundle());
}

async function bundle() {
  const build = await rolldown({
    input: join(root, 'src/workers/engine-worker.ts'),
    platform: 'browser',
    resolve: { conditionNames: ['source'] },
  });
  const { output } = await build.generate({ format: 'iife', minify: true });
  await build.close();
  if (output.length !== 1 || output[0].imports.length > 0) throw new Error('the engine worker must be one file');
  return output[0].code;
}

function write(file, content) {
  const path = join(root, 'dist', file);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
}
