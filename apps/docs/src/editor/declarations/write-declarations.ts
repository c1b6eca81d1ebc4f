// Writes pages/public/types/declarations.bin, which type help reads: node src/editor/declarations/write-declarations.ts
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatherDeclarations } from './gather-declarations.ts';
import { packDeclarations } from './pack-declarations.ts';

const folder = join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const packages = Object.keys(manifest.dependencies).filter((name) => /^(@simile\/|simile$|@tensorflow\/)/.test(name));
const declarations = gatherDeclarations(folder, packages);
const bytes = packDeclarations(declarations);
mkdirSync(join(folder, 'pages/public/types'), { recursive: true });
writeFileSync(join(folder, 'pages/public/types/declarations.bin'), bytes);
console.log(`types: ${Object.keys(declarations).length} declarations, ${(bytes.length / 1000).toFixed(0)} kB`);
