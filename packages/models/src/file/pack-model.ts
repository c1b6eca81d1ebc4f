import { packSections } from '@simile/core/container';
import type { VectorIndex } from '@simile/index';
import type { io } from '@tensorflow/tfjs-core';
import type { Embedder } from '../embedders/embedder.ts';
import type { GraphEmbedder } from '../embedders/graph-embedder.ts';
import type { LayersEmbedder } from '../embedders/layers-embedder.ts';
import { FILE_KIND, FILE_VERSION, type ModelManifest } from './manifest.ts';
import { packLoss, type SavedLoss } from './saved-loss.ts';
import { packWeights } from './weights.ts';

/** What {@link packModel} writes. */
export interface PackedParts {
  readonly embedder: Embedder<never>;
  readonly name: string;
  readonly seed: number | undefined;
  readonly index: VectorIndex;
  readonly stale: boolean;
  readonly loss: SavedLoss | undefined;
}

/** The whole model as one file of sections. */
export async function packModel({ embedder, name, seed, index, stale, loss }: PackedParts): Promise<Uint8Array> {
  const records = index.toBytes();
  const manifest: ModelManifest = {
    network: embedder.kind,
    name,
    seed: seed ?? null,
    metric: index.metric,
    dimension: index.dimension ?? embedder.dimension ?? null,
    stale,
  };
  const network = await packNetwork(embedder);
  const sections = new Map<string, Uint8Array>([
    ['manifest', json(manifest)],
    ...network,
    ...(loss ? packLoss(loss) : []),
    ['index', records],
  ]);
  return packSections({ kind: FILE_KIND, version: FILE_VERSION, sections });
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

async function packNetwork(embedder: Embedder<never>): Promise<[string, Uint8Array][]> {
  if (embedder.kind === 'layers') {
    const { layers } = embedder as unknown as LayersEmbedder;
    const { specs, bytes } = await packWeights(layers);
    return [
      ['topology', json(layers.toJSON(undefined, false))],
      ['weight-specs', json(specs)],
      ['weights', bytes],
    ];
  }
  if (embedder.kind === 'graph') return packGraph(embedder as unknown as GraphEmbedder);
  return [];
}

/** A graph model as it came: what its own `save` would write. */
async function packGraph({ graph }: GraphEmbedder): Promise<[string, Uint8Array][]> {
  let artifacts: io.ModelArtifacts | undefined;
  await graph.save({
    save: async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    },
  });
  const { weightData, ...rest } = artifacts!;
  const parts = weightData === undefined ? [] : Array.isArray(weightData) ? weightData : [weightData];
  return [
    ['graph', json(rest)],
    ['weights', new Uint8Array(await new Blob(parts).arrayBuffer())],
  ];
}
