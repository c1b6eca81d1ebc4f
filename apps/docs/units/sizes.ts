import { brotliCompressSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { root } from './sources.ts';
import type { Unit } from './units.ts';

const ENTRY = 'unit.js';

/** Bytes of what a unit adds to an app, minified and compressed by Brotli, without TensorFlow.js. */
export async function sizeOf({ name, from }: Unit): Promise<number> {
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
  return brotliCompressSync(output[0].code).length;
}
