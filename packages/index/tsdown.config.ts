import { defineConfig } from 'tsdown';
import { engineWorkerText, writeStandalone } from './scripts/standalone.mjs';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  unbundle: true,
  inputOptions: { optimization: { inlineConst: false } }, // else imports of inlined constants stay, bare, of which esbuild warns
  dts: true,
  sourcemap: true,
  plugins: [engineWorkerText()],
  hooks: { 'build:done': writeStandalone },
});
