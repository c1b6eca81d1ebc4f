import { packSections, section, unpackSections } from '@simile/core/container';
import type { LabelledItems } from '@simile/core/items';

/** Digits to train on and to test with, 28 × 28 bytes each. */
export interface Digits {
  readonly train: LabelledItems<Uint8Array>;
  readonly test: LabelledItems<Uint8Array>;
}

const FILE = { kind: 'demo-digits', version: 1 } as const;
const PIXELS = 28 * 28;

export function packDigits({ train, test }: Digits): Uint8Array {
  const sections = new Map([
    ['train-images', train.x.data],
    ['train-labels', Uint8Array.from(train.labels)],
    ['test-images', test.x.data],
    ['test-labels', Uint8Array.from(test.labels)],
  ]);
  return packSections({ ...FILE, sections });
}

export function unpackDigits(bytes: Uint8Array): Digits {
  const file = unpackSections(bytes, FILE);
  const part = (name: string): LabelledItems<Uint8Array> => {
    const images = section(file, `${name}-images`).slice();
    const labels = Int32Array.from(section(file, `${name}-labels`));
    return { x: { data: images, shape: [images.length / PIXELS, 28, 28, 1] }, labels };
  };
  return { train: part('train'), test: part('test') };
}

/** Fetches the file that the build made. @throws an `Error` that says what came instead; `ERR_FILE` for another file */
export async function fetchDigits(address: string): Promise<Digits> {
  const failed = (why: unknown): Error => new Error(`The digits could not be fetched from ${address}: ${why}.`);
  const answer = await fetch(address).catch((error: Error) => {
    throw failed(error.message);
  });
  if (!answer.ok || !answer.body) throw failed(`the server answered ${answer.status}`);
  const unpacked = answer.body.pipeThrough(new DecompressionStream('gzip'));
  const bytes = await new Response(unpacked).arrayBuffer().catch(() => {
    throw failed('what came is damaged, or another file');
  });
  return unpackDigits(new Uint8Array(bytes));
}
