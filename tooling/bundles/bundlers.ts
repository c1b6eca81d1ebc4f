// Each bundler as its users have it: no plug-in but what resolves packages, minified.
import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';

const fixtures = join(import.meta.dirname, 'fixtures');
const page = join(fixtures, 'page.js');
const worker = join(fixtures, 'search.worker.js');

/** Writes `page.js` into a folder, with what it needs beside it. */
export type Bundle = (folder: string) => Promise<void>;

export const bundlers: Readonly<Record<string, Bundle>> = {
  vite: async (folder) => {
    const output = { entryFileNames: '[name].js' };
    await vite({
      configFile: false,
      root: fixtures,
      logLevel: 'warn',
      worker: { format: 'es' },
      build: {
        outDir: folder,
        emptyOutDir: true,
        chunkSizeWarningLimit: 1000,
        rolldownOptions: { input: page, output },
      },
    });
  },
  webpack: (folder) =>
    new Promise((resolve, reject) => {
      const options: webpack.Configuration = {
        mode: 'production',
        entry: { page },
        output: { path: folder, filename: '[name].js' },
        performance: false, // no advice on sizes
      };
      webpack(options, (error, stats) => {
        if (error) reject(error);
        else if (!stats || stats.hasErrors() || stats.hasWarnings())
          reject(new Error(stats?.toString('errors-warnings')));
        else resolve();
      });
    }),
  esbuild: async (folder) => {
    const { warnings } = await esbuild({
      entryPoints: [page, worker],
      bundle: true,
      minify: true,
      format: 'esm',
      outdir: folder,
    });
    if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  },
  rollup: async (folder) => {
    const onwarn = (warning: { message: string }): never => {
      throw new Error(warning.message);
    };
    const build = await rollup({
      input: { page, 'search.worker': worker },
      plugins: [nodeResolve({ browser: true })],
      onwarn,
    });
    await build.write({ dir: folder, format: 'es' });
    await build.close();
  },
};

/** One file for Node. */
export async function bundleForNode(folder: string): Promise<string> {
  const outfile = join(folder, 'node.mjs');
  const entryPoints = [join(fixtures, 'node.js')];
  await esbuild({ entryPoints, bundle: true, minify: true, format: 'esm', platform: 'node', outfile });
  return outfile;
}
