import { expect, test } from 'vitest';
import { packDeclarations, unpackDeclarations } from './pack-declarations.ts';

test('what is packed is unpacked', () => {
  const declarations = { '/lib.d.ts': 'declare const é: "🦊";\n'.repeat(500), '/empty.d.ts': '' };
  const packed = packDeclarations(declarations);
  expect(packed.length).toBeLessThan(300); // 500 equal lines
  expect(unpackDeclarations(packed)).toEqual(declarations);
  expect(packDeclarations(declarations)).toEqual(packed); // the same bytes each time
});

test('other bytes are refused', () => {
  expect(() => unpackDeclarations(Uint8Array.of(1, 2, 3))).toThrow();
  expect(() => unpackDeclarations(packDeclarations(null as never))).toThrowErrorMatchingInlineSnapshot(
    `[Error: The file holds no declarations.]`,
  );
});
