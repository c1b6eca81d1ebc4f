import { expect, it } from 'vitest';
import { drawClusters } from '../../test/draw-clusters.ts';
import { createIndex } from '../create-index.ts';

it('learns and answers batches on threads in an isolated page, as on one', async () => {
  const rows = drawClusters(3000, 16, 1);
  const queries = drawClusters(400, 16, 1, 2);
  const answers: unknown[] = [];
  for (const threads of [1, 2]) {
    const index = createIndex({ dimension: 16, engine: 'ivf', threads });
    await index.add(rows);
    // Two workers beside the page's own thread, which is left free.
    expect(index.describe().engine).toMatch(threads === 1 ? /simd\)$/ : /simd, 3 threads\)$/);
    answers.push(await index.searchColumns(queries, { k: 10 }));
    await index.close();
  }
  expect(answers[1]).toEqual(answers[0]);
});
