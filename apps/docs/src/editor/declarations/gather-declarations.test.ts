import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatherDeclarations } from './gather-declarations.ts';

const folder = join(import.meta.dirname, '../../..');

test('it gathers what a package publishes, where a program finds it, and what the compiler needs', () => {
  const gathered = gatherDeclarations(folder, ['comlink', 'sucrase']);
  const paths = Object.keys(gathered);
  expect(paths).toContain('/node_modules/comlink/dist/umd/comlink.d.ts');
  expect(paths).toContain('/node_modules/comlink/dist/umd/protocol.d.ts'); // imported by the one before
  expect(paths).toContain('/lib.es2023.d.ts');
  expect(paths).toContain('/lib.es5.d.ts');
  expect(paths).toContain('/lib.webworker.d.ts');
  expect(paths.filter((path) => path.startsWith('/lib.dom'))).toEqual([]); // programs run in a worker
  expect(JSON.parse(gathered['/node_modules/comlink/package.json']!)).toMatchObject({
    name: 'comlink',
    types: 'dist/umd/comlink.d.ts',
  });
  expect(paths).toEqual([...paths].sort());
  expect(Object.values(gathered).some((text) => text.includes('sourceMappingURL'))).toBe(false);
});

test('a package that is not there is named', () => {
  expect(() => gatherDeclarations(folder, ['no-such-package'])).toThrow(/no-such-package/);
});
