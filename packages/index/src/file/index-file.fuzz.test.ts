import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { packSections, unpackSections } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import { MemoryStore } from '../../test/memory-store.ts';
import { plainEngine } from '../../test/plain-engine.ts';
import { randomNumbers } from '../../test/random-changes.ts';
import type { VectorIndex } from '../contract.ts';
import { createIndex, indexFromBytes } from '../create-index.ts';
import { flatEngine } from '../flat/flat-engine.ts';
import { hnswEngine } from '../hnsw/hnsw-engine.ts';
import { ivfEngine } from '../ivf/ivf-engine.ts';
import { openStored } from '../stores/open-index.ts';

/** 100,000 by `SIMILE_MUTATIONS=100000 pnpm --filter @simile/index test src/file/index-file.fuzz.test.ts`. */
const MUTATIONS = Number(process.env.SIMILE_MUTATIONS ?? 3000);
/** No file may make its reader hold much more than the file. */
const MOST_MEMORY = 64 * 2 ** 20;
const CODES = ['ERR_FILE', 'ERR_MEMORY'];

type Random = (below: number) => number;
const fixture = async (name: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(new URL(`../../test/fixtures/${name}`, import.meta.url)));
const options = { engine: plainEngine() };

/** Everything there is to read in an index, and a search. */
async function use(index: VectorIndex): Promise<unknown> {
  try {
    return await useAll(index);
  } finally {
    await index.close();
  }
}

async function useAll(index: VectorIndex): Promise<unknown> {
  const records = [...index];
  const { dimension } = index;
  if (records.length > 0) {
    await index.search(new Float32Array(dimension!).fill(1), { k: 3 });
    index.get(records[0]!.id);
  }
  index.toBytes();
  return records;
}

/** Bytes changed anywhere, as a disk or a program might; the checksums stay as they were. */
function damage(file: Uint8Array, other: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const copy = Uint8Array.from(file);
  const at = random(copy.length);
  switch (random(6)) {
    case 0:
      copy[at]! ^= 1 << random(8);
      return copy;
    case 1:
      for (let i = random(16); i >= 0; i--) copy[random(copy.length)] = random(256);
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3: {
      const part = other.subarray(random(other.length)).subarray(0, 1 + random(200));
      copy.set(part.subarray(0, copy.length - at), at);
      return copy;
    }
    case 4:
      return Uint8Array.of(...copy.subarray(0, at), ...other.subarray(random(other.length)));
    default:
      copy.copyWithin(at, random(copy.length), random(copy.length));
      return copy;
  }
}

/** A number that a careless reader would believe. */
const lie = (random: Random): number =>
  [0, 1, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 53 - 1, 2 ** 40, 0.5, random(100), random(2 ** 20)][random(10)]!;

/** Sections changed, with checksums that are right: what a program would write that means ill. */
function forge(file: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const { kind, version, sections } = unpackSections(file, { kind: 'index', version: 2 });
  const changed = new Map([...sections].map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
  for (let times = random(3); times >= 0; times--) {
    const names = [...changed.keys()];
    const name = names[random(names.length)]!;
    const bytes = changed.get(name)!;
    const view = new DataView(bytes.buffer);
    switch (random(8)) {
      case 0:
        changed.delete(name);
        break;
      case 1:
        changed.set(name, damage(bytes.length > 0 ? bytes : new Uint8Array(8), other, random));
        break;
      case 2:
        if (bytes.length >= 4) view.setUint32(4 * random(bytes.length >> 2), lie(random), true);
        break;
      case 3:
        if (bytes.length >= 8) view.setFloat64(8 * random(bytes.length >> 3), lie(random), true);
        break;
      case 4:
        changed.set(name, changed.get(names[random(names.length)]!)!);
        break;
      case 5:
        changed.set(['ids.json', 'ids.int32', 'labels.json', 'slots', 'rows', 'data.kinds'][random(6)]!, bytes);
        break;
      default: {
        // A number in JSON, or any other character there.
        const text = new TextDecoder().decode(changed.get('meta') ?? new Uint8Array());
        const numbers = [...text.matchAll(/-?\d+/g)];
        const number = numbers[random(Math.max(1, numbers.length))];
        if (number) {
          const end = number.index + number[0].length;
          changed.set('meta', new TextEncoder().encode(text.slice(0, number.index) + lie(random) + text.slice(end)));
        }
      }
    }
  }
  return packSections({ kind, version: random(20) === 0 ? 3 - version : version, sections: changed });
}

/** What became of a changed file: its records, or that it was refused as it should be. */
async function outcome(read: () => Promise<VectorIndex>, because: string): Promise<unknown> {
  try {
    return await use(await read());
  } catch (error) {
    if (SimileError.is(error) && CODES.includes(error.code)) return 'refused';
    throw new Error(`${because}: ${String(error)}`, { cause: error });
  }
}

describe('mutated files', () => {
  it(`are refused or read rightly, ${MUTATIONS} of them, in bounded memory`, { timeout: 3_600_000 }, async () => {
    const names = ['index-v1.simile', 'index-v2.simile', 'index-v2-engine.simile'];
    const files = await Promise.all(names.map(fixture));
    const right = await Promise.all(files.map(async (file) => use(await indexFromBytes(file, options))));
    const before = process.memoryUsage().arrayBuffers;
    let refused = 0;
    let most = 0;
    for (let seed = 1; seed <= MUTATIONS; seed++) {
      const numbers = randomNumbers(seed);
      const random: Random = (below) => Math.floor(numbers() * below);
      const which = random(files.length);
      const [file, other] = [files[which]!, files[random(files.length)]!];
      const forged = seed % 2 === 0;
      const bytes = forged ? forge(file, other, random) : damage(file, other, random);
      const because = `seed ${seed}, ${names[which]}`;
      const found = await outcome(() => indexFromBytes(bytes, options), because);
      if (found === 'refused') refused++;
      else if (!forged)
        expect(found, because).toEqual(Buffer.compare(bytes, other) === 0 ? right[files.indexOf(other)] : right[which]);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(most).toBeLessThan(MOST_MEMORY);
    expect(refused).toBeGreaterThan(MUTATIONS / 3); // the changes were changes
  });

  const each = Math.ceil(MUTATIONS / 15);
  it.each([
    ['flat', flatEngine()],
    ['hnsw', hnswEngine({ seed: 1 })],
    ['hnsw without rows', hnswEngine({ precision: 'i8', rerank: false })],
    ['ivf', ivfEngine()],
  ])(`of the engine %s are refused or read rightly, ${each} of them`, { timeout: 3_600_000 }, async (name, engine) => {
    const numbers = randomNumbers(99);
    const index = createIndex({ dimension: 12, metric: 'euclidean', engine });
    await index.add(
      Float32Array.from({ length: 12 * 150 }, () => numbers() - 0.5),
      { labels: Array.from({ length: 150 }, (_, i) => i % 5) },
    );
    await index.remove([3, 77, 149]);
    await index.add(Float32Array.from({ length: 12 }, () => numbers()));
    const file = index.toBytes();
    const right = await use(await indexFromBytes(file, { engine }));
    let refused = 0;
    for (let seed = 1; seed <= each; seed++) {
      const draw = randomNumbers(seed);
      const random: Random = (below) => Math.floor(draw() * below);
      const forged = seed % 4 !== 0;
      const bytes = forged ? forge(file, file, random) : damage(file, file, random);
      const found = await outcome(() => indexFromBytes(bytes, { engine }), `seed ${seed}, ${name}`);
      if (found === 'refused') refused++;
      else if (!forged) expect(found, `seed ${seed}, ${name}`).toEqual(right);
    }
    expect(refused).toBeGreaterThan(each / 4);
  });

  const journals = Math.ceil(MUTATIONS / 10);
  it(`of changes are refused or read rightly, ${journals} of them`, { timeout: 3_600_000 }, async () => {
    const store = new MemoryStore();
    const index = await openStored(store, { ...options, dimension: 2, metric: 'plain' });
    const states: string[] = [];
    const note = (now: VectorIndex): void => void states.push(JSON.stringify([...now]));
    note(index);
    for (let i = 0; i < 6; i++) {
      await index.upsert(Float32Array.of(i, 1, i, 2), {
        ids: [i, `id ${i}`],
        labels: ['x', null],
        data: [{ i }, null],
      });
      note(index);
      if (i === 3) await index.remove([1, 'id 2']);
      note(index);
    }
    await index.close();
    const [snapshot, journal] = [store.file('snapshot')!, store.file('journal')!];
    let refused = 0;
    for (let seed = 1; seed <= journals; seed++) {
      const numbers = randomNumbers(seed);
      const random: Random = (below) => Math.floor(numbers() * below);
      const bytes = damage(journal, snapshot, random);
      const onDamage = seed % 3 === 0 ? 'cut' : 'error';
      const files = new Map([['snapshot', snapshot], ['journal', bytes]] as const); // prettier-ignore
      const found = await outcome(
        () => openStored(new MemoryStore({ files }), { ...options, onDamage }),
        `seed ${seed}, ${onDamage}`,
      );
      if (found === 'refused') refused++;
      // What is found was there at some time, whole.
      else expect(states, `seed ${seed}, ${onDamage}`).toContain(JSON.stringify(found));
      if (onDamage === 'cut') expect(found).not.toBe('refused');
    }
    expect(refused).toBeGreaterThan(journals / 4);
  });
});
