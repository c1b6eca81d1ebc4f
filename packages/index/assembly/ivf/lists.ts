// Rows into the blocks of lists, and from one place to another.

import { Layout } from './layout';
import { laneOf } from './scan';

// @inline
function blockOf(layout: Layout, list: i32, place: i32): usize {
  return load<usize>(layout.lists + ((<usize>list) << 3)) + <usize>(place >> 5) * <usize>layout.blockBytes;
}

/** Writes a row to a place of a list that has room for it. */
export function putRow(layout: Layout, list: i32, place: i32, slot: u32, bias: f32, codes: usize): void {
  const block = blockOf(layout, list, place);
  const p = place & 31;
  store<u32>(block + ((<usize>p) << 2), slot);
  if (layout.biased) store<f32>(block + ((<usize>p) << 2), bias, 128);
  let to = block + <usize>(layout.biased ? 256 : 128) + <usize>laneOf(p);
  for (const end = codes + (<usize>layout.subspaces >> 1); codes < end; codes++) {
    store<u8>(to, load<u8>(codes));
    to += 32;
  }
}

/** Reads the codes of a row of a list, two a byte. */
function readCodes(layout: Layout, list: i32, place: i32, codes: usize): void {
  const block = blockOf(layout, list, place);
  let from = block + <usize>(layout.biased ? 256 : 128) + <usize>laneOf(place & 31);
  for (const end = codes + (<usize>layout.subspaces >> 1); codes < end; codes++) {
    store<u8>(codes, load<u8>(from));
    from += 32;
  }
}

/** Copies the row at place `from` of a list to place `to`; returns its slot. `room`: for its codes. */
export function moveRow(layout: Layout, list: i32, from: i32, to: i32, room: usize): u32 {
  const block = blockOf(layout, list, from);
  const p = (<usize>(from & 31)) << 2;
  const slot = load<u32>(block + p);
  readCodes(layout, list, from, room);
  putRow(layout, list, to, slot, layout.biased ? load<f32>(block + p, 128) : 0, room);
  return slot;
}
