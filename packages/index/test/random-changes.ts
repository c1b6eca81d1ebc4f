import type { Id, Label, VectorIndex } from '../src/index.ts';

/** What an index must hold, by id, in order. */
export type Model = ReadonlyMap<Id, { readonly label: Label | null; readonly row: string }>;

/** A change of an index, and what the index holds after it. */
export interface RandomChange {
  readonly next: Model;
  run(index: VectorIndex): Promise<unknown>;
}

/** Numbers from 0 to 1 from a seed: xorshift. */
export function randomNumbers(seed: number): () => number {
  let state = (Math.imul(seed, 2_654_435_761) + 88_675_123) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** What an index holds. */
export function modelOf(index: VectorIndex): Model {
  return new Map([...index].map(({ id, label, vector }) => [id, { label, row: vector.join() }]));
}

/** A model as text, for comparisons. */
export function modelText(model: Model): string {
  return JSON.stringify([...model]);
}

/** The change number `serial` of an index of dimension 2, at random. */
export function randomChange(random: () => number, model: Model, serial: number): RandomChange {
  const whole = (below: number): number => Math.floor(random() * below);
  const kind = random();
  const next = new Map(model);
  if (kind < 0.55 || model.size === 0) {
    const ids = Array.from({ length: 1 + whole(4) }, (_, i): Id => {
      const id = random() < 0.3 ? whole(12) : serial * 10 + i + 100;
      return id % 3 === 0 ? `id ${id}` : id;
    }).filter((id, i, all) => all.indexOf(id) === i);
    // Each row its own, so that a search for it finds no other at distance 0.
    const rows = Float32Array.from({ length: ids.length * 2 }, (_, i) => (i % 2 ? Math.floor(i / 2) : serial));
    const labels = ids.map((_, i) => (i % 2 ? null : `label ${serial}`));
    ids.forEach((id, i) => next.set(id, { label: labels[i]!, row: `${serial},${i}` }));
    return { next, run: (index) => index.upsert(rows, { ids, labels }) };
  }
  if (kind < 0.8) {
    const ids = [...model.keys()].filter(() => random() < 0.3);
    for (const id of ids) next.delete(id);
    return { next, run: (index) => index.remove(ids) };
  }
  if (kind < 0.85) return { next: new Map(), run: (index) => index.clear() };
  if (kind < 0.93) return { next, run: (index) => index.compact() };
  return { next, run: (index) => (index as { save?: () => Promise<void> }).save!() };
}
