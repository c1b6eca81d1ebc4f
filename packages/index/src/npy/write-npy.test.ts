import { describe, expect, it } from 'vitest';
import golden from '../../test/fixtures/npy.json' with { type: 'json' };
import { writeNpy } from './write-npy.ts';

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

describe('writeNpy', () => {
  it('writes what NumPy writes, byte for byte', () => {
    for (const { name, values, shape, file: base64 } of golden.cases) {
      const Type = { '<f4': Float32Array, '|u1': Uint8Array, '<i4': Int32Array }[name];
      if (Type) expect(writeNpy({ data: Type.from(values), shape })).toEqual(bytesOf(base64));
    }
    const one = golden.cases.find(({ name }) => name === 'one dimension')!;
    expect(writeNpy({ data: Float32Array.from(one.values), shape: [5] })).toEqual(bytesOf(one.file));
  });

  it('wants data and shape to agree', () => {
    expect(() => writeNpy({ data: Float32Array.of(1), shape: [2] })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: write-npy: items of shape [2] must have 2 values, but got 1. Give the shape as [count, ...shape of one item], row-major. [ERR_SHAPE]]`,
    );
  });
});
