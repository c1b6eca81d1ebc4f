import { declareShared } from '../src/kernel/declare-shared.ts';

// Instructions by name: the module is small enough to be written by hand, so that pages have it too.
const [BLOCK, LOOP, IF, ELSE, END, BR, BR_IF, UNREACHABLE] = [0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x00];
const [GET, SET, TEE, CONST, LOAD, STORE] = [0x20, 0x21, 0x22, 0x41, 0x28, 0x36];
const [EQ, GE_U, ADD, SHL] = [0x46, 0x4f, 0x6a, 0x74];
const VOID = 0x40;
const [context, begin, end, argument, local] = [0, 1, 2, 3, 4];

const lines = (...list: number[][]): number[] => list.flat();
const addOne = (address: number): number[] => [GET, address, GET, address, LOAD, 2, 0, CONST, 1, ADD, STORE, 2, 0];
const forEach = (...body: number[][]): number[] =>
  lines([BLOCK, VOID, LOOP, VOID, GET, begin, GET, end, GE_U, BR_IF, 1], ...body, [
    GET,
    begin,
    CONST,
    1,
    ADD,
    SET,
    begin,
    BR,
    0,
    END,
    END,
  ]);
const place = [GET, argument, GET, begin, CONST, 2, SHL, ADD, SET, local];

/** `export(context, begin, end, argument)`, each `void`. */
const functions = {
  /** Adds 1 to the word of each thing, from address `argument` on, and to the word at the context. */
  mark: forEach(place, addOne(local), addOne(context)),
  /** Traps at the thing `argument`. */
  trap: forEach([GET, begin, GET, argument, EQ, IF, VOID, UNREACHABLE, END]),
  /** Counts to `argument` for each thing. */
  burn: forEach(
    [CONST, 0, SET, local, LOOP, VOID, GET, local, CONST, 1, ADD, TEE, local, GET, argument, EQ],
    [IF, VOID, ELSE, BR, 1, END, END],
  ),
};

const vector = (...items: number[][]): number[] => [items.length, ...items.flat()];
const text = (letters: string): number[] => [letters.length, ...new TextEncoder().encode(letters)];
const size = (count: number): number[] => [(count & 127) | 128, count >>> 7];
const section = (id: number, content: number[]): number[] => [id, ...size(content.length), ...content];
const sized = (body: number[]): number[] => [...size(body.length), ...body];

/** A kernel as engines have them: imports its memory, has no state. */
export function threadKernel(shared: boolean): WebAssembly.Module {
  const names = Object.keys(functions);
  const bytes = Uint8Array.from(
    lines(
      [0, 97, 115, 109, 1, 0, 0, 0],
      section(1, vector([0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 0])),
      section(2, vector([...text('env'), ...text('memory'), 2, 1, 1, 128, 128, 4])),
      section(3, vector(...names.map(() => [0]))),
      section(7, vector(...names.map((name, i) => [...text(name), 0, i]))),
      section(10, vector(...Object.values(functions).map((body) => sized([1, 1, 0x7f, ...body, END])))),
    ),
  );
  if (shared) declareShared(bytes);
  return new WebAssembly.Module(bytes);
}
