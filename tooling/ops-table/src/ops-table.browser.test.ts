import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { env } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { cases } from './cases.ts';
import { standingsOn } from './standings.ts';
import { nameOf } from './table.ts';

it('browser.json is what webgl and webgpu do; `pnpm ops-table` writes it anew', { timeout: 480_000 }, async () => {
  // Small tensors would otherwise be computed on the CPU, and no shader would be seen.
  for (const flag of ['WEBGL_CPU_FORWARD', 'WEBGPU_CPU_FORWARD']) env().set(flag, false);
  const { webgl, webgpu } = await standingsOn(['webgl', 'webgpu']);
  const seen = Object.fromEntries(
    cases.map((operation, i) => [nameOf(operation), { webgl: webgl![i], webgpu: webgpu![i] }]),
  );
  await expect(`${JSON.stringify(seen, undefined, 2)}\n`).toMatchFileSnapshot('../browser.json');
});
