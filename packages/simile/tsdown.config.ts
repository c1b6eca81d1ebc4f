import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts', 'src/hello-world/index.ts', 'src/recipes/index.ts', 'src/cli.ts'],
  format: 'esm',
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] }, // the command's files only
  target: 'es2022',
  unbundle: true,
  dts: true,
  sourcemap: true,
});
