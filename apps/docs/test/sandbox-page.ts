// A page with nothing but the sandbox, over the modules of the site. Build these first: node modules/build.ts
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { build } from 'vite';
import type { Ending, Output, Program } from '../src/sandbox/index.ts';
import { serveSite, type Site } from './site-server.ts';

const root = join(import.meta.dirname, '..');

/** Serves the page in a folder of its own; `close` takes both away. */
export async function serveSandboxPage(headers: Readonly<Record<string, string>> = {}): Promise<Site> {
  const modules = join(root, 'pages/public/modules');
  if (!existsSync(modules)) throw new Error(`${modules} is not there: node modules/build.ts`);
  const folder = mkdtempSync(join(tmpdir(), 'simile-sandbox-'));
  await build({
    root,
    base: '/',
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      target: 'es2022',
      lib: { entry: join(root, 'src/sandbox/index.ts'), formats: ['es'], fileName: 'sandbox' },
    },
  });
  symlinkSync(modules, join(folder, 'modules'));
  const script = `import { createSandbox } from './sandbox.js'; globalThis.sandbox = await createSandbox(); document.title = 'ready'`;
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><title>wait</title><script type="module">${script}</script>`,
  );
  const site = await serveSite({ folder, headers });
  return {
    ...site,
    async close() {
      await site.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A run and what came of it. */
export interface Ran {
  readonly ending: Ending;
  readonly outputs: readonly Output[];
  /** Lines of the console. */
  readonly lines: readonly string[];
  readonly error: Extract<Output, { kind: 'error' }> | undefined;
}

/**
 * Runs a program in the sandbox of the page.
 *
 * @param stopAfter Milliseconds after which the stop button is pressed.
 */
export async function runIn(
  page: Page,
  program: Partial<Program> & { code?: string },
  stopAfter?: number,
): Promise<Ran> {
  const { code = '', files = { 'main.ts': code }, entry = 'main.ts', backend = 'wasm', data } = program;
  const plain = data && Object.entries(data).map(([name, bytes]): [string, number[]] => [name, [...bytes]]);
  const { ending, outputs } = await page.evaluate(
    async ({ files, entry, backend, plain, stopAfter }) => {
      const { sandbox } = globalThis as unknown as { sandbox: import('../src/sandbox/index.ts').Sandbox };
      const outputs: Output[] = [];
      const data = Object.fromEntries((plain ?? []).map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
      const running = sandbox.run({ files, entry, backend, data }, (output) => outputs.push(output));
      if (stopAfter !== undefined) setTimeout(() => sandbox.stop(), stopAfter);
      return { ending: await running, outputs };
    },
    { files, entry, backend, plain, stopAfter },
  );
  const lines = outputs.flatMap((output) =>
    output.kind === 'console' ? [output.parts.map(({ text }) => text).join(' ')] : [],
  );
  return { ending, outputs, lines, error: outputs.find((output) => output.kind === 'error') };
}
