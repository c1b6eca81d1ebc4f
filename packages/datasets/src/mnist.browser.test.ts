import { gzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { mnist } from './mnist.ts';

// Two images of 1 × 2 with their labels.
const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8, 7, 6]);
const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 3, 5]);

test('in a browser mnist reads files that the user chose', async () => {
  const files = {
    images: new File([gzipSync(images) as Uint8Array<ArrayBuffer>], 'images.gz'),
    labels: new File([labels], 'labels'),
  };
  const data = await mnist({ files });
  expect(data.x).toEqual({ data: Uint8Array.of(9, 8, 7, 6), shape: [2, 1, 2, 1] });
  expect([...data.labels]).toEqual([3, 5]);
});

test('in a browser a folder is an address, and its files may be packed or not', async () => {
  const asked: string[] = [];
  const fetchFromNetwork = globalThis.fetch;
  globalThis.fetch = (input) => {
    asked.push(String(input));
    if (String(input).endsWith('images-idx3-ubyte.gz')) return Promise.resolve(new Response(gzipSync(images) as never));
    if (String(input).endsWith('labels-idx1-ubyte')) return Promise.resolve(new Response(labels));
    return Promise.resolve(new Response('', { status: 404, statusText: 'Not Found' }));
  };
  try {
    const data = await mnist({ folder: 'data/few' });
    expect(data.x).toEqual({ data: Uint8Array.of(9, 8, 7, 6), shape: [2, 1, 2, 1] });
    expect([...data.labels]).toEqual([3, 5]);
    expect(asked).toEqual([
      'data/few/train-images-idx3-ubyte.gz',
      'data/few/train-labels-idx1-ubyte.gz',
      'data/few/train-labels-idx1-ubyte',
    ]);
  } finally {
    globalThis.fetch = fetchFromNetwork;
  }
});

test('in a browser a folder without the files says so, and a page in place of a file is not taken for data', async () => {
  await expect(mnist({ folder: '/nowhere' })).rejects.toThrow(/^mnist: .*nowhere.*\[ERR_(FILE|DATA)\]$/);
  await expect(mnist({ baseUrl: `${location.origin}/nowhere` })).rejects.toThrow(
    /^mnist: the train files must be in one of the places tried: .*nowhere.*\[ERR_FILE\]$/,
  );
});
