import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { download, type DownloadProgress } from './download.ts';
import { loadImageDataset, type ImageDatasetSource } from './load-image-dataset.ts';

// A data set of two images of 2 × 3, made here, so that the whole path runs without the network.
const IMAGES = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, ...Array.from({ length: 12 }, (_, i) => i * 20)]); // prettier-ignore
const LABELS = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 4]);
const known = (name: string, bytes: Uint8Array) => ({
  name,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
const split = { images: known('tiny-images-idx3-ubyte', IMAGES), labels: known('tiny-labels-idx1-ubyte', LABELS) };
const source: ImageDatasetSource = {
  name: 'tiny',
  splits: { train: split, test: split },
  npm: { name: 'no-such-package-of-tiny-images', folder: 'data' },
  systemFolder: '/no/such/system/folder',
  urls: ['http://127.0.0.1:9/unused/'],
  install: 'Install it',
  classNames: ['zero', 'one'],
};
const wanted = {
  x: { data: IMAGES.subarray(16), shape: [2, 2, 3, 1] },
  labels: Int32Array.of(7, 4),
  classNames: ['zero', 'one'],
};

let folder: string;
let server: Server;
let requests: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/data`;

/** Serves these files, and 404 for others. */
function serve(files: Readonly<Record<string, Uint8Array>>): void {
  answer = ({ url }, response) => {
    const bytes = files[url!.replace('/data/', '')];
    if (bytes) response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    else response.writeHead(404).end();
  };
}

/** Message of what is thrown, with the folder and port of this run taken out. */
async function failure(promise: Promise<unknown>): Promise<string> {
  const error = (await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  )) as Error;
  return error.message.replaceAll(folder, '<folder>').replaceAll(/127\.0\.0\.1:\d\d+/g, '<server>');
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simile-datasets-'));
  requests = [];
  server = createServer((request, response) => {
    requests.push(request.url!);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

describe('a data set that is nowhere yet', () => {
  test('is downloaded packed, checked, and kept for the next time', async () => {
    serve({ 'tiny-images-idx3-ubyte.gz': gzipSync(IMAGES), 'tiny-labels-idx1-ubyte.gz': gzipSync(LABELS) });
    const options = { baseUrl: baseUrl(), cache: folder };
    expect(await loadImageDataset(source, options)).toEqual(wanted);
    expect(requests).toEqual(['/data/tiny-labels-idx1-ubyte.gz', '/data/tiny-images-idx3-ubyte.gz']);
    expect((await readdir(join(folder, 'tiny'))).toSorted()).toEqual([
      'tiny-images-idx3-ubyte',
      'tiny-labels-idx1-ubyte',
    ]);
    expect(await loadImageDataset(source, options)).toEqual(wanted);
    expect(requests).toHaveLength(2);
  });

  test('is downloaded unpacked where it lies so, and not kept without a cache', async () => {
    serve({ 'tiny-images-idx3-ubyte': IMAGES, 'tiny-labels-idx1-ubyte': LABELS });
    expect(await loadImageDataset(source, { baseUrl: `${baseUrl()}/`, cache: false })).toEqual(wanted);
    expect(requests).toEqual([
      '/data/tiny-labels-idx1-ubyte.gz',
      '/data/tiny-labels-idx1-ubyte',
      '/data/tiny-images-idx3-ubyte.gz',
      '/data/tiny-images-idx3-ubyte',
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('may be packed by the server on the way', async () => {
    answer = ({ url }, response) => {
      const packed = gzipSync(url!.includes('labels') ? LABELS : IMAGES);
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed);
    };
    const seen: DownloadProgress[] = [];
    const onProgress = (progress: DownloadProgress) => void seen.push(progress);
    expect(await loadImageDataset(source, { baseUrl: baseUrl(), cache: false, onProgress })).toEqual(wanted);
    expect(seen[0]).toEqual({ file: 'tiny-labels-idx1-ubyte.gz', received: 10, total: undefined });
  });

  test('comes from the second address when the first fails', async () => {
    serve({ 'tiny-images-idx3-ubyte.gz': gzipSync(IMAGES), 'tiny-labels-idx1-ubyte.gz': gzipSync(LABELS) });
    const two = { ...source, urls: ['http://127.0.0.1:9/', `${baseUrl()}/`] };
    expect(await loadImageDataset(two, { cache: false })).toEqual(wanted);
  });

  test('reports progress in bytes', async () => {
    const packed = gzipSync(IMAGES);
    answer = ({ url }, response) => {
      if (url!.includes('labels')) return void response.end(LABELS);
      response.writeHead(200, { 'content-length': packed.length });
      response.write(packed.subarray(0, 20), () => setTimeout(() => response.end(packed.subarray(20)), 50));
    };
    const seen: DownloadProgress[] = [];
    const onProgress = (progress: DownloadProgress) => void seen.push(progress);
    await loadImageDataset(source, { baseUrl: baseUrl(), cache: false, onProgress });
    const file = 'tiny-images-idx3-ubyte.gz';
    expect(seen.filter((progress) => progress.file === file)).toEqual([
      { file, received: 20, total: packed.length },
      { file, received: packed.length, total: packed.length },
    ]);
  });
});

describe('a download', () => {
  test('with another content is refused, and nothing is kept', async () => {
    const other = Uint8Array.from(IMAGES);
    other[20] = 1;
    serve({ 'tiny-images-idx3-ubyte.gz': gzipSync(other), 'tiny-labels-idx1-ubyte.gz': gzipSync(LABELS) });
    expect(await failure(loadImageDataset(source, { baseUrl: baseUrl(), cache: folder }))).toMatchInlineSnapshot(
      `"tiny: the train files must be in one of the places tried: npm package no-such-package-of-tiny-images (not installed); /no/such/system/folder (no tiny-images-idx3-ubyte); <folder>/tiny (no tiny-images-idx3-ubyte); http://<server>/data/tiny-images-idx3-ubyte.gz (not the official file: its checksum differs); http://<server>/data/tiny-images-idx3-ubyte (the server answered 404 Not Found). Install it, or give files, folder or baseUrl. [ERR_FILE]"`,
    );
    expect(await readdir(join(folder, 'tiny'))).toEqual([]);
  });

  test('that ends too early is refused, and nothing is kept', async () => {
    answer = ({ url }, response) => {
      if (url!.includes('labels')) return void response.end(LABELS);
      response.writeHead(200, { 'content-length': IMAGES.length });
      response.write(IMAGES.subarray(0, 20), () => response.destroy());
    };
    const message = await failure(loadImageDataset(source, { baseUrl: baseUrl(), cache: folder }));
    expect(message).toMatch(/tiny-images-idx3-ubyte\.gz \(.*\); http/);
    expect(message).toMatch(/\[ERR_FILE\]$/);
    expect(await readdir(join(folder, 'tiny'))).toEqual([]);
  });

  test('larger than the file can be is cut off', async () => {
    answer = (_, response) => void response.end(Buffer.alloc(300000));
    expect(await failure(download(`${baseUrl()}/x`, { maxBytes: 1000 }))).toMatchInlineSnapshot(
      `"datasets: http://<server>/data/x must be readable: more than 1000 bytes came. Check the address and the connection. [ERR_FILE]"`,
    );
  });

  test('that falls silent is given up', async () => {
    answer = (_, response) => void response.writeHead(200, { 'content-length': 10 }).write('1');
    expect(await failure(download(`${baseUrl()}/x`, { maxBytes: 1000, patience: 0.1 }))).toMatchInlineSnapshot(
      `"datasets: http://<server>/data/x must be readable: nothing came for 0.1 s. Check the address and the connection. [ERR_FILE]"`,
    );
  });

  test('stops when its signal says so, before or during', async () => {
    const controller = new AbortController();
    answer = ({ url }, response) => {
      if (url!.includes('labels')) return void response.end(LABELS);
      response
        .writeHead(200, { 'content-length': IMAGES.length })
        .write(IMAGES.subarray(0, 20), () => controller.abort());
    };
    const options = { baseUrl: baseUrl(), cache: folder, signal: controller.signal };
    expect(await failure(loadImageDataset(source, options))).toMatchInlineSnapshot(
      `"datasets: the work was cancelled by its signal. What was finished before is kept; call again to go on. [ERR_ABORTED]"`,
    );
    expect(await readdir(join(folder, 'tiny'))).toEqual([]);
    const before = requests.length;
    expect(await failure(loadImageDataset(source, options))).toMatch(/\[ERR_ABORTED\]$/);
    expect(requests).toHaveLength(before);
  });

  test('without anyone who answers is an error that lists all that was tried', async () => {
    const address = baseUrl();
    await new Promise((resolve) => server.close(resolve));
    expect(await failure(loadImageDataset(source, { cache: folder, baseUrl: address }))).toMatchInlineSnapshot(
      `"tiny: the train files must be in one of the places tried: npm package no-such-package-of-tiny-images (not installed); /no/such/system/folder (no tiny-images-idx3-ubyte); <folder>/tiny (no tiny-images-idx3-ubyte); http://<server>/data/tiny-labels-idx1-ubyte.gz (fetch failed (ECONNREFUSED)); http://<server>/data/tiny-labels-idx1-ubyte (fetch failed (ECONNREFUSED)). Install it, or give files, folder or baseUrl. [ERR_FILE]"`,
    );
  });

  test('is not begun when the cache cannot be written', async () => {
    serve({ 'tiny-images-idx3-ubyte': IMAGES, 'tiny-labels-idx1-ubyte': LABELS });
    await writeFile(join(folder, 'file'), '');
    const options = { baseUrl: baseUrl(), cache: join(folder, 'file') };
    expect(await failure(loadImageDataset(source, options))).toMatchInlineSnapshot(
      `"tiny: the cache folder <folder>/file/tiny must be writable (ENOTDIR). Give another folder as cache, or false to keep nothing. [ERR_FILE]"`,
    );
    expect(requests).toEqual([]);
  });

  test('is not begun when it is not wanted', async () => {
    expect(await failure(loadImageDataset(source, { cache: false, download: false }))).toMatchInlineSnapshot(
      `"tiny: the train files must be in one of the places tried: npm package no-such-package-of-tiny-images (not installed); /no/such/system/folder (no tiny-images-idx3-ubyte); no download (download is false). Install it, or give files, folder or baseUrl. [ERR_FILE]"`,
    );
    expect(requests).toEqual([]);
  });
});

describe('a cache', () => {
  test('that was damaged is downloaded again', async () => {
    serve({ 'tiny-images-idx3-ubyte.gz': gzipSync(IMAGES), 'tiny-labels-idx1-ubyte.gz': gzipSync(LABELS) });
    const options = { baseUrl: baseUrl(), cache: folder };
    await loadImageDataset(source, options);
    const file = join(folder, 'tiny', 'tiny-images-idx3-ubyte');
    await writeFile(
      file,
      IMAGES.map((value, i) => (i === 20 ? 1 : value)),
    );
    expect(await loadImageDataset(source, options)).toEqual(wanted);
    expect(requests).toHaveLength(4);
    expect(Uint8Array.from(await readFile(file))).toEqual(IMAGES);
  });
});

describe('a folder that is given', () => {
  test('is read, whether its files are packed, or named with a dot', async () => {
    await writeFile(join(folder, 'tiny-images-idx3-ubyte.gz'), gzipSync(IMAGES));
    await writeFile(join(folder, 'tiny-labels.idx1-ubyte'), LABELS);
    expect(await loadImageDataset(source, { folder })).toEqual(wanted);
  });

  test('is the only place that is looked at', async () => {
    expect(await failure(loadImageDataset(source, { folder }))).toMatchInlineSnapshot(
      `"tiny: the train files must be in one of the places tried: <folder> (no tiny-images-idx3-ubyte). Leave folder out to look elsewhere too, or give files, folder or baseUrl. [ERR_FILE]"`,
    );
    await writeFile(join(folder, 'tiny-images-idx3-ubyte'), IMAGES);
    await mkdir(join(folder, 'tiny-labels-idx1-ubyte'));
    expect(await failure(loadImageDataset(source, { folder }))).toMatchInlineSnapshot(
      `"tiny: the train files must be in one of the places tried: <folder> (tiny-labels-idx1-ubyte: EISDIR). Leave folder out to look elsewhere too, or give files, folder or baseUrl. [ERR_FILE]"`,
    );
  });

  test('must hold what it should', async () => {
    await writeFile(join(folder, 'tiny-images-idx3-ubyte'), IMAGES);
    await writeFile(join(folder, 'tiny-labels-idx1-ubyte'), 'Not found');
    expect(await failure(loadImageDataset(source, { folder }))).toMatchInlineSnapshot(
      `"tiny: <folder> must hold sound data: an IDX file must begin with two zero bytes, but got [78, 111, 116, 32]. Replace it, or give another folder. [ERR_DATA]"`,
    );
    await writeFile(join(folder, 'tiny-labels-idx1-ubyte'), IMAGES);
    expect(await failure(loadImageDataset(source, { folder }))).toMatchInlineSnapshot(
      `"tiny: <folder> must hold sound data: the file of labels must hold uint8 of shape [n], but got 'Uint8Array of shape [2, 2, 3]'. Replace it, or give another folder. [ERR_DATA]"`,
    );
    await writeFile(join(folder, 'tiny-labels-idx1-ubyte'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 7, 4, 4));
    expect(await failure(loadImageDataset(source, { folder }))).toMatchInlineSnapshot(
      `"tiny: <folder> must hold sound data: there must be as many labels as images, but got '2 images and 3 labels'. Replace it, or give another folder. [ERR_DATA]"`,
    );
  });
});

describe('files that are given', () => {
  test('may be bytes, buffers or blobs, packed or not', async () => {
    const images = new Blob([gzipSync(IMAGES)]);
    expect(await loadImageDataset(source, { files: { images, labels: LABELS } })).toEqual(wanted);
    const buffer = IMAGES.slice().buffer;
    expect(await loadImageDataset(source, { files: { images: buffer, labels: new Blob([LABELS]) } })).toEqual(wanted);
  });

  test('must be of that form', async () => {
    const files = { images: LABELS, labels: IMAGES };
    expect(await failure(loadImageDataset(source, { files }))).toMatchInlineSnapshot(
      `"tiny: files must hold sound data: the file of images must hold uint8 of shape [n, height, width], but got 'Uint8Array of shape [2]'. Replace it, or give another folder. [ERR_DATA]"`,
    );
  });
});

test('an option that is not known is refused', async () => {
  expect(await failure(loadImageDataset(source, { path: '.' } as object))).toMatchInlineSnapshot(
    `"tiny: options are split, files, folder, cache, download, baseUrl, onProgress, signal, but got 'path'. Check the spelling. [ERR_OPTION]"`,
  );
});
