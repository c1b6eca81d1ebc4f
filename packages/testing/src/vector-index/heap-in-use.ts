import { nodeModule } from '@simile/core/platform';

/** Bytes in use after garbage went, in Node; 0 elsewhere. Buffers are freed beside the program: a second turn finds them gone. */
export async function heapInUse(): Promise<number> {
  const { process } = globalThis as { process?: { memoryUsage?: () => { heapUsed: number; arrayBuffers: number } } };
  const v8 = nodeModule<{ setFlagsFromString(flag: string): void }>('node:v8');
  const vm = nodeModule<{ runInNewContext(code: string): () => void }>('node:vm');
  if (!process?.memoryUsage || !v8 || !vm) return 0;
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  collect();
  await new Promise((resolve) => setTimeout(resolve, 20));
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
