import { SimileError } from '@simile/core/errors';
import type { SearchEngineFactory, StoredEngineState } from '../contract.ts';
import { hnswEngine } from '../hnsw/hnsw-engine.ts';
import type { HnswOptions } from '../hnsw/hnsw-options.ts';
import { HNSW_KIND } from '../hnsw/hnsw-state.ts';
import { ivfEngine } from '../ivf/ivf-engine.ts';
import { IVF_KIND } from '../ivf/ivf-state.ts';

/** The engine that goes on with a state as it was made; undefined for one that is not known, or not of records by the many. */
export function storedEngine(
  { kind, meta, sizes }: StoredEngineState,
  threads: number | 'auto',
): SearchEngineFactory | undefined {
  if (kind === IVF_KIND) return ivfEngine({ threads });
  if (kind !== HNSW_KIND) return undefined;
  const { M, efConstruction, alpha, precision, seed } = (meta ?? {}) as Pick<
    Required<HnswOptions>,
    'M' | 'efConstruction' | 'alpha' | 'precision' | 'seed'
  >;
  try {
    return hnswEngine({ M, efConstruction, alpha, precision, seed, threads, rerank: sizes.has('rows') });
  } catch (cause) {
    throw new SimileError({
      where: 'index-from-bytes',
      rule: 'the engine must have been made with options that there are',
      got: JSON.stringify(meta),
      remedy: 'The file was not written by toBytes; write it again.',
      code: 'ERR_FILE',
      cause,
    });
  }
}
