import { SimileError } from '@simile/core/errors';
import type { EngineState, Json, SearchEngine, SearchEngineOptions, StoredEngineState } from '../contract.ts';
import { dealSlots } from './deal-slots.ts';

const KIND = 'sharded';
const VERSION = 1;

/** What each shard is made with; the state of all, where it is that of as many shards, is dealt out. */
export function shardOptions(options: SearchEngineOptions, shards: number): SearchEngineOptions[] {
  const { dimension, metric, order, restore, slots } = options;
  const parts = restore?.kind === KIND && restore.version === VERSION ? readMeta(restore.meta) : undefined;
  const dealt = slots && dealSlots(slots, shards);
  return Array.from({ length: shards }, (_, shard): SearchEngineOptions => {
    const own = { dimension, metric, order: (slot: number) => order(slot * shards + shard) };
    const part = parts?.length === shards ? parts[shard] : undefined;
    if (!part) return own;
    const ours = dealt?.find((each) => each.shard === shard)?.slots ?? new Uint32Array();
    return { ...own, restore: storedPart(restore!, part, `${shard}.`), ...(slots && { slots: ours }) };
  });
}

/** The states of all shards as one; undefined when one of them has none. */
export function shardedState(shards: readonly SearchEngine[]): EngineState | undefined {
  const states = shards.map((shard) => shard.state?.());
  const sections = new Map<string, Uint8Array>();
  const meta: Json[] = [];
  for (const [shard, state] of states.entries()) {
    if (!state) return undefined;
    meta.push({ kind: state.kind, version: state.version, meta: state.meta });
    for (const [name, bytes] of state.sections) sections.set(`${shard}.${name}`, bytes);
  }
  // Where all shards have their rows in the same way, others can find them.
  const [first] = states;
  const layout = (state: EngineState | undefined): string => JSON.stringify(state?.rows ?? null);
  const rows = states.every((state) => layout(state) === layout(first)) ? first?.rows : undefined;
  const isPlain = rows !== undefined && rows.shards === undefined;
  return { kind: KIND, version: VERSION, meta, sections, ...(isPlain && { rows: { ...rows, shards: shards.length } }) };
}

interface StatePart {
  readonly kind: string;
  readonly version: number;
  readonly meta: Json;
}

function storedPart(from: StoredEngineState, part: StatePart, prefix: string): StoredEngineState {
  const names = [...from.sizes].filter(([name]) => name.startsWith(prefix));
  return {
    ...part,
    sizes: new Map(names.map(([name, size]) => [name.slice(prefix.length), size])),
    read: (name, into) => from.read(prefix + name, into),
    readNow: from.readNow && ((name, at, into) => from.readNow!(prefix + name, at, into)),
  };
}

/** @throws `ERR_FILE` for what `shardedState` does not write */
function readMeta(meta: Json): StatePart[] {
  const isPart = (part: Json): boolean =>
    typeof part === 'object' &&
    part !== null &&
    !Array.isArray(part) &&
    'meta' in part &&
    typeof (part as Partial<StatePart>).kind === 'string' &&
    Number.isSafeInteger((part as Partial<StatePart>).version);
  if (Array.isArray(meta) && meta.every(isPart)) return meta as unknown as StatePart[];
  throw new SimileError({
    where: 'sharded-engine',
    rule: 'the state must list kind, version and meta of each shard',
    got: meta,
    remedy: 'The file is damaged: take the copy you kept.',
    code: 'ERR_FILE',
  });
}
