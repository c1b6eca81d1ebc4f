import { checkInteger, checkOneOf, SimileError } from '@simile/core/errors';
import { checkDistanceName } from '@simile/distances/vectors';
import { autoEngine } from './auto/auto-engine.ts';
import type { EngineChoice, SearchEngineFactory } from './contract.ts';
import { flatEngine, type FlatEngineOptions } from './flat/flat-engine.ts';
import { hnswEngine } from './hnsw/hnsw-engine.ts';
import { ivfEngine } from './ivf/ivf-engine.ts';

/** Engines by name. */
const ENGINE_NAMES = ['auto', 'flat', 'hnsw', 'ivf'] as const;
/** Recall of engines chosen by name, where nothing else is said. */
const RECALL = 0.95;

/** An {@link EngineChoice} made. */
export interface ChosenEngine {
  readonly factory: SearchEngineFactory;
  /** To be reached by tuning; undefined to leave an engine as it was made. */
  readonly recall: number | undefined;
  /** Refuses a metric that the engine cannot know; one of another author may know any. @throws `ERR_OPTION` */
  checkMetric(metric: string): void;
}

/** Makes what `engine`, `precision` and `recall` of `createIndex` say. @throws `ERR_OPTION` */
export function chooseEngine(
  where: string,
  { engine = 'auto', precision, recall, threads }: EngineChoice,
): ChosenEngine {
  if (typeof engine === 'function') {
    for (const [name, value] of Object.entries({ precision, threads })) {
      if (value !== undefined) throw misplaced(where, name, 'an engine that was made already', value);
    }
    return { factory: engine, recall: recall ?? engine.recall, checkMetric: () => {} };
  }
  checkOneOf(where, { engine }, ENGINE_NAMES);
  if (precision !== undefined && engine === 'ivf')
    throw misplaced(where, 'precision', 'ivf, which has codes of its own', precision);
  if (threads !== undefined && threads !== 'auto') checkInteger(where, { threads }, 1);
  if (threads !== undefined && engine === 'flat') throw misplaced(where, 'threads', 'flat, which has one', threads);
  const wanted = recall ?? RECALL;
  const codes = precision && { precision };
  const many = threads !== undefined && { threads };
  const factories = {
    auto: () => autoEngine({ recall: wanted, ...codes, ...many }),
    flat: () => flatEngine(codes as FlatEngineOptions),
    hnsw: () => hnswEngine({ ...codes, ...many }),
    ivf: () => ivfEngine({ ...many }),
  };
  const factory = factories[engine]();
  return { factory, recall: wanted, checkMetric: (metric) => checkDistanceName(where, { metric }) };
}

function misplaced(where: string, name: string, what: string, got: unknown): SimileError {
  return new SimileError({
    where,
    rule: `${name} cannot be given for ${what}`,
    got,
    remedy: 'Leave it out, or name another engine.',
    code: 'ERR_OPTION',
  });
}
