import { openIndex } from '../src/index.ts';
import { plainEngine } from './plain-engine.ts';

/** Makes an index in a store, changes it, and opens it again, several times; gives what should be the same in every browser. */
export async function keepIndex(target: string): Promise<unknown[]> {
  const said: unknown[] = [];
  const options = { dimension: 4, metric: 'plain', engine: plainEngine() };
  const index = await openIndex(target, options);
  const rows = Float32Array.from({ length: 4 * 5000 }, (_, i) => i);
  await index.add(rows, { labels: Array.from({ length: 5000 }, (_, i) => `label ${i % 7}`) });
  await index.remove([1, 2, 3]);
  await index.save();
  await index.upsert(Float32Array.of(9, 9, 9, 9), { ids: ['nine'], data: [{ page: 9 }] });
  const other = await openIndex(target, options).then(
    () => 'opened twice',
    (error: Error) => error.message,
  );
  said.push(other);
  const reader = await openIndex(target, { ...options, readOnly: true });
  said.push(reader.size, reader.get('nine')?.data);
  await reader.close();
  await index.close();

  const again = await openIndex(target, options);
  said.push(again.size, again.get(4)?.label);
  said.push((await again.search(Float32Array.of(9, 9, 9, 9), { k: 2 }))[0]!.map(({ id, distance }) => [id, distance]));
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => again.upsert(Float32Array.of(i, 0, 0, 0), { ids: [`many ${i}`] })),
  );
  await again.clear();
  await again.add(Float32Array.of(1, 2, 3, 4), { ids: ['last'] });
  await again.close();

  const last = await openIndex(target, options);
  said.push([...last].map(({ id, vector }) => [id, [...vector]]));
  await last.close();
  return said;
}

/** What {@link keepIndex} gives. */
export function keptIndex(target: string): unknown[] {
  return [
    `open-index: ${target} must not be open elsewhere, but got 'another tab, worker or index'. Close it there, or open it with readOnly. [ERR_STATE]`,
    4998,
    { page: 9 },
    4998,
    'label 4',
    [
      ['nine', 0],
      // Row 0 is 0, 1, 2, 3; row 4, the next that is left, 16 to 19.
      [0, Math.sqrt(81 + 64 + 49 + 36)],
    ],
    [['last', [1, 2, 3, 4]]],
  ];
}
