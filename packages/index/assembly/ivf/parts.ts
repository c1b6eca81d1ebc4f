// Parts of work that threads share: each takes things [from, to) at a time, reads a Layout, and writes to a Room of its own and to
// places that are only those things'.

import { assign } from './coarse';
import { encode, subtractCentroids } from './encode';
import { Context, Layout, Request, Room } from './layout';
import { beginSearch, endSearch, scanTogether } from './search';
import { trainWords } from './train';
import { transformRows } from './transform';

/** Answers queries [from, to), no more than the room has contexts, with their lists looked at together. */
export function searchMany(room: Room, from: i32, to: i32, layout: Layout, request: Request): void {
  const rowBytes = (<usize>layout.dimension) << 2;
  for (let i = from; i < to; i++) {
    const context = contextOf(room, i - from);
    memory.copy(context.query, request.queries + <usize>i * rowBytes, rowBytes);
    context.allowed = request.allowed;
    context.allowedWords = request.allowedWords;
    beginSearch(layout, context, request.probes, request.wanted);
  }
  scanTogether(layout, room.contexts, to - from, room.entries);
  const keep = request.keep;
  for (let i = from; i < to; i++) {
    const context = contextOf(room, i - from);
    const count = endSearch(layout, context, keep, request.root);
    store<u32>(request.counts + ((<usize>i) << 2), count);
    memory.copy(request.slots + ((<usize>(i * keep)) << 2), context.slots, (<usize>count) << 2);
    memory.copy(request.distances + ((<usize>(i * keep)) << 3), context.distances, (<usize>count) << 3);
  }
}

// @inline
function contextOf(room: Room, i: i32): Context {
  return changetype<Context>(load<usize>(room.contexts + ((<usize>i) << 2)));
}

/** The closest centroid of each of the coded rows [from, to) of `[count, stride]`, to `lists`. */
export function assignMany(
  room: Room,
  from: i32,
  to: i32,
  layout: Layout,
  rows: usize,
  stride: i32,
  lists: usize,
): void {
  const at = (<usize>from) << 2;
  assign(layout, rows + at * <usize>stride, to - from, stride, room.short, room.keys, lists + at);
}

/** Lists, codes, biases and errors of the rows [from, to) of `raw` `[count, width]`; `coded`, `residuals`: room for `[count, stride]`. */
export function codeMany(
  room: Room,
  from: i32,
  to: i32,
  layout: Layout,
  raw: usize,
  stride: i32,
  coded: usize,
  residuals: usize,
  centroids: usize,
  lists: usize,
  codes: usize,
  biases: usize,
  errors: usize,
): void {
  const count = to - from;
  const at = (<usize>from) << 2;
  coded += at * <usize>stride;
  residuals += at * <usize>stride;
  lists += at;
  transformRows(layout, raw + at * <usize>layout.width, count, coded, stride);
  assign(layout, coded, count, stride, room.short, room.keys, lists);
  subtractCentroids(layout, coded, count, stride, lists, centroids, residuals);
  codes += (<usize>from * <usize>layout.subspaces) >> 1;
  encode(layout, coded, residuals, count, stride, codes, biases + at, errors + at, room.spare);
}

/** Learns the `words` of subspaces [from, to) from residuals `[count, stride]`; both begin with those of subspace 0. */
export function trainMany(
  room: Room,
  from: i32,
  to: i32,
  layout: Layout,
  residuals: usize,
  words: usize,
  count: i32,
  stride: i32,
  rounds: i32,
): void {
  const bytes = (<usize>layout.subspaceSize) << 2;
  for (let m: usize = from; m < <usize>to; m++) {
    trainWords(layout, residuals + m * bytes, count, stride, words + m * (bytes << 4), rounds, room.spare);
  }
}
