import { expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { makeFile } from '../digits-plugin.ts';
import { fetchDigits, packDigits, unpackDigits } from './digits-file.ts';

const part = (fill: number, labels: number[]) => ({
  x: { data: new Uint8Array(784 * labels.length).fill(fill), shape: [labels.length, 28, 28, 1] },
  labels: Int32Array.from(labels),
});

test('what is packed comes back', () => {
  const digits = { train: part(7, [3, 1, 4]), test: part(9, [2]) };
  expect(unpackDigits(packDigits(digits))).toEqual(digits);
});

test('a file cut short is refused', () => {
  const bytes = packDigits({ train: part(7, [3]), test: part(9, [2]) });
  expect(() => unpackDigits(bytes.subarray(0, bytes.length - 1))).toThrow('ERR_FILE');
});

test('the page ships 500 digits of each class to train on and 100 to test with, in about a megabyte', async () => {
  const file = await makeFile();
  expect(file.length).toBeLessThan(1_100_000);
  const { train, test: tests } = await fetchDigits(
    `data:application/octet-stream;base64,${Buffer.from(file).toString('base64')}`,
  );
  const counts = (labels: Int32Array): number[] =>
    Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
  expect(counts(train.labels)).toEqual(Array.from({ length: 10 }, () => 500));
  expect(counts(tests.labels)).toEqual(Array.from({ length: 10 }, () => 100));
  expect(Array.from(train.labels.subarray(0, 5))).toEqual([5, 0, 4, 1, 9]); // MNIST begins so
  expect(Array.from(tests.labels.subarray(0, 5))).toEqual([7, 2, 1, 0, 4]);
});

test('an answer that is no file is an error that says so', async () => {
  const address = `data:application/octet-stream;base64,${gzipSync('no container').toString('base64')}`;
  await expect(fetchDigits(address)).rejects.toThrow('ERR_FILE');
  await expect(fetchDigits('data:text/plain,nothing')).rejects.toThrow(
    'The digits could not be fetched from data:text/plain,nothing: what came is damaged, or another file.',
  );
  await expect(fetchDigits('http://127.0.0.1:1/digits.bin')).rejects.toThrow(
    /^The digits could not be fetched from http:\/\/127\.0\.0\.1:1\/digits\.bin: /,
  );
});
