import { expect, it } from 'vitest';
import { bitsSet, countSlots } from '../slot-bits.ts';
import { LiveSlots } from './live-slots.ts';

it('knows which slots hold a row', () => {
  const live = new LiveSlots();
  live.reserve(70);
  for (const slot of [0, 31, 32, 69, 69]) live.add(slot);
  live.remove(31);
  live.remove(30);
  expect([live.size, live.count, live.has(69), live.has(31), live.has(1000)]).toEqual([3, 70, true, false, false]);
  live.reserve(400);
  expect([live.size, live.count, live.has(69), live.bits.length >= 13]).toEqual([3, 400, true, true]);
});

it('writes those allowed, a byte for eight', () => {
  const live = new LiveSlots();
  live.reserve(64);
  for (const slot of [0, 9, 33, 63]) live.add(slot);
  const words = new Uint32Array(4);
  live.writeMask(undefined, words, 1);
  expect([...new Uint8Array(words.buffer, 4, 8)]).toEqual([1, 2, 0, 0, 2, 0, 0, 128]);
  live.writeMask(Uint32Array.of(0xffffffff), words, 1); // nothing is allowed where bits end
  expect([...words]).toEqual([0, 513, 0, 0]);
  expect(countSlots(live.bits, Uint32Array.of(0xffffffff))).toBe(2);
});

it('takes slots over and counts them', () => {
  const live = new LiveSlots();
  live.restore(40, Uint32Array.of(0xf0000001, 0x81));
  expect([live.size, live.count, live.has(39), live.has(1)]).toEqual([7, 40, true, false]);
  expect([0, 1, 0x80000000, 0xffffffff, 0x55555555].map((bits) => bitsSet(bits))).toEqual([0, 1, 1, 32, 16]);
});
