import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { root } from './sources.ts';
import type { Unit } from './units.ts';

const ENTRY = 'unit.js';

/**
 * Bytes of what a unit adds to an app, minified and compressed by Brotli, without TensorFlow.js.
 *
 * @param known Sizes by the hash of the code; what is found is put in, for compressing takes longer than bundling.
 */
export async function sizeOf({ name, from }: Unit, known: Map<string, number>): Promise<number> {
  const bundle = await rolldown({
    input: ENTRY,
    cwd: root,
    external: [/^@tensorflow\//, /^node:/],
    resolve: { conditionNames: ['source', 'import', 'default'], alias: {} },
    logLevel: 'silent',
    plugins: [
      {
        name: 'one unit',
        resolveId: (id) => (id === ENTRY ? `${root}/apps/docs/${ENTRY}` : null),
        load: (id) => (id.endsWith(`apps/docs/${ENTRY}`) ? `export { ${name} } from '${from}';` : null),
      },
    ],
  });
  const { output } = await bundle.generate({ minify: true, codeSplitting: false });
  await bundle.close();
  const { code } = output[0];
  const hash = createHash('sha256').update(code).digest('hex');
  const size = known.get(hash) ?? brotliCompressSync(code).length;
  known.set(hash, size);
  return size;
}
