import { expect, it } from 'vitest';
import { flatEngine } from './flat-engine.ts';
import { flatBuilds } from './flat.wasm.ts';

const options = { dimension: 2, metric: 'cosine', order: (slot: number): number => slot };
const bytes = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

it('takes the kernel from where it is told, whatever else this host could run', async () => {
  const engine = await flatEngine({ wasm: bytes(flatBuilds.simd!) })(options);
  expect(engine.name).toMatch(/^flat.* \(wasm simd\)$/);
});

it('does without one where nothing compiles, and says when there is nothing to read', async () => {
  const broken = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 9);
  expect((await flatEngine({ wasm: broken })(options)).name).toMatch(/scalar/);
  await expect(flatEngine({ wasm: broken, kernel: 'simd' })(options)).rejects.toThrow('ERR_BACKEND');
  await expect(flatEngine({ wasm: 'file:///not/there.wasm' })(options)).rejects.toThrow('ERR_FILE');
});
