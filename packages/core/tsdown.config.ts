import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/backend.ts',
    'src/container.ts',
    'src/errors.ts',
    'src/items.ts',
    'src/ops.ts',
    'src/platform.ts',
    'src/random.ts',
    'src/storage.ts',
  ],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  unbundle: true,
  dts: true,
  sourcemap: true,
});
