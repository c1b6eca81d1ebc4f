import { writeBytes } from '@simile/core/storage';
import type { EngineChoice, VectorIndex } from '@simile/index';
import type { SimilarityModel } from './contract.ts';
import type { Embedder } from './embedders/embedder.ts';
import type { LayersEmbedder } from './embedders/layers-embedder.ts';
import { packModel } from './file/pack-model.ts';
import { saveLoss, type SavedLoss } from './file/saved-loss.ts';
import { modelIndex } from './model-index.ts';
import { checkAlive, type ModelState } from './model-state.ts';
import { modelTraining } from './model-training.ts';

/** What {@link createModel} is made of. */
export interface ModelParts<Input, One> {
  readonly embedder: Embedder<Input>;
  /** The input that holds one item alone. */
  readonly single: (x: One) => Input;
  readonly name: string;
  readonly seed: number | undefined;
  readonly index: VectorIndex;
  readonly search: EngineChoice;
  readonly stale?: boolean;
  /** Of the file that the model comes from. */
  readonly savedLoss?: SavedLoss | undefined;
}

/** Joins what embeds, what learns and what looks up into one model. */
export function createModel<Input, One>(parts: ModelParts<Input, One>): SimilarityModel<Input, One> {
  const { embedder, single, name, seed, index, search, stale = false, savedLoss } = parts;
  const state: ModelState = { index, search, stale, savedLoss, training: false, disposed: false };
  const training = modelTraining(embedder, seed, state);
  const toBytes = async (): Promise<Uint8Array> => {
    checkAlive('model.save', state);
    const { index: records, stale: outdated, loss } = state;
    const kept = loss ? await saveLoss(loss) : state.savedLoss;
    return packModel({ embedder, name, seed, index: records, stale: outdated, loss: kept });
  };
  return {
    name,
    seed,
    get dimension() {
      return state.index.dimension ?? embedder.dimension;
    },
    get metric() {
      return state.index.metric;
    },
    layers: embedder.kind === 'layers' ? (embedder as unknown as LayersEmbedder).layers : undefined,
    get vectorIndex() {
      return state.index;
    },
    get indexSize() {
      return state.index.size;
    },
    compile: training.compile,
    fit: training.fit,
    ...modelIndex({ embedder, name, seed }, single, state),
    toBytes,
    save: async (target) => writeBytes(target, await toBytes()),
    dispose: () => {
      if (state.disposed) return;
      training.dispose();
      embedder.dispose();
      state.disposed = true;
    },
  };
}
