// Add, replace, remove, merge
// An index changes while it is searched: records come and go by their ids, and two indices become one.
import { createIndex } from '@simile/index';

const index = createIndex({ dimension: 2, metric: 'euclidean' });
await index.add(Float32Array.of(0, 0, 5, 5, 9, 0), { ids: ['a', 'b', 'c'], labels: ['old', 'old', 'old'] });
const nearest = async (x: number, y: number): Promise<string> => {
  const [found] = await index.search(Float32Array.of(x, y), { k: 1 });
  return `${found?.[0]?.id} (${found?.[0]?.label}) at ${found?.[0]?.distance}`;
};
console.log(await nearest(5, 5)); // → b (old) at 0

await index.upsert(Float32Array.of(5, 1), { ids: ['b'], labels: ['moved'] });
console.log(await nearest(5, 5)); // → b (moved) at 4
console.log(await index.remove(['b', 'never there'])); // → 1
console.log(index.has('b'), index.size); // → false 2

const other = createIndex({ dimension: 2, metric: 'euclidean' });
await other.add(Float32Array.of(4, 4, 1, 1), { ids: ['d', 'a'], labels: ['new', 'new'] });
const refused = await index.merge(other).catch((reason: unknown) => reason as { code: string });
console.log('code' in refused ? refused.code : 'merged', index.size); // → ERR_OPTION 2

const ids = await index.merge(other, { onConflict: 'new-id' });
console.log(ids[0], index.size); // → d 4
console.log(await nearest(1, 1)); // → 0 (new) at 0
console.log([...index].map(({ label }) => label).join(' ')); // → old old new new

await index.clear();
console.log(index.size); // → 0
