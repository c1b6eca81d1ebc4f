import { section, unpackSections, type Sections } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import { readBytes } from '@simile/core/storage';
import { indexFromBytes, type EngineChoice } from '@simile/index';
import type { SimilarityModel } from './contract.ts';
import { createModel } from './create-model.ts';
import { functionEmbedder, type EmbedFunction } from './embedders/function-embedder.ts';
import { FILE_KIND, FILE_VERSION, fileError, readManifest, type ModelManifest } from './file/manifest.ts';
import { unpackLoss } from './file/saved-loss.ts';
import { unpackGraph, unpackLayers, type LayerClass, type LoadGraphModel } from './file/unpack-network.ts';
import { single } from './similarity-model.ts';

/** Options of {@link loadSimilarityModel}. */
export interface LoadOptions {
  /** Classes of your own layers, registered with tfjs under their `className`. Ours and those of tfjs are known. */
  readonly customObjects?: readonly LayerClass[];
  /** `loadGraphModel` of `@tensorflow/tfjs-converter`; needed when the model wraps a graph model. */
  readonly loadGraphModel?: LoadGraphModel;
  /** How the index searches, as for `similarityModel`. An engine of the kind that was saved goes on where it was. */
  readonly search?: EngineChoice;
}

/** Options of {@link loadSimilarityModel} for a model around a function, which a file cannot hold. */
export interface LoadFunctionOptions<Item> {
  /** The function that the model was made with. */
  readonly embed: EmbedFunction<Item>;
  /** How the index searches, as for `similarityModel`. An engine of the kind that was saved goes on where it was. */
  readonly search?: EngineChoice;
}

/**
 * Reads what `save` or `toBytes` wrote: network, weights, index with labels and data, calibration, distance, seed. Ready to
 * look up; to train it further, compile it, with the same loss to go on with the loss's own weights. Nothing of the file is run, and nothing is kept of a file that is damaged.
 *
 * @param source Path, `file://` URL, `http(s)://` address (in a page also a relative one), `indexeddb://name`, or the bytes
 * @throws `ERR_FILE` for a file that is missing, cut short, altered, of another kind or of a newer version; `ERR_OPTION`
 *   when `embed` or `loadGraphModel` is needed or not wanted
 * @example
 * const model = await loadSimilarityModel('digits.simile');
 * await model.singleLookup(image);
 */
export function loadSimilarityModel<Item>(
  source: string | URL | Uint8Array,
  options: LoadFunctionOptions<Item>,
): Promise<SimilarityModel<readonly Item[], Item>>;
export function loadSimilarityModel(source: string | URL | Uint8Array, options?: LoadOptions): Promise<SimilarityModel>;
export async function loadSimilarityModel<Item>(
  source: string | URL | Uint8Array,
  options: LoadOptions & Partial<LoadFunctionOptions<Item>> = {},
): Promise<SimilarityModel | SimilarityModel<readonly Item[], Item>> {
  const where = 'load-similarity-model';
  const bytes = source instanceof Uint8Array ? source : await readBytes(source);
  const file = unpackSections(bytes, { kind: FILE_KIND, version: FILE_VERSION });
  const manifest = readManifest(section(file, 'manifest'));
  checkEmbed(where, manifest, options.embed);
  const savedLoss = unpackLoss(file);
  const { search = {} } = options;
  const index = await indexFromBytes(section(file, 'index'), search);
  const { name, stale } = manifest;
  const seed = manifest.seed ?? undefined;
  if (index.metric !== manifest.metric || (index.size > 0 && index.dimension !== manifest.dimension)) {
    const got = `${index.metric}, ${index.dimension}`;
    throw fileError(`the index must be of ${manifest.metric}, ${manifest.dimension}`, got, 'Save the model again.');
  }
  if (options.embed) {
    const embedder = functionEmbedder(options.embed, manifest.dimension ?? undefined);
    return createModel({ embedder, single: (item: Item) => [item], name, seed, index, search, stale });
  }
  const embedder = await unpackNetwork(where, manifest, file, options);
  if (embedder.dimension !== undefined && embedder.dimension !== (manifest.dimension ?? embedder.dimension)) {
    embedder.dispose();
    throw fileError(
      `embeddings must have dimension ${manifest.dimension}`,
      embedder.dimension,
      'Save the model again.',
    );
  }
  return createModel({ embedder, single, name, seed, index, search, stale, savedLoss });
}

function unpackNetwork(
  where: string,
  { network }: ModelManifest,
  file: Sections,
  { customObjects = [], loadGraphModel }: LoadOptions,
): ReturnType<typeof unpackLayers> | ReturnType<typeof unpackGraph> {
  return network === 'layers' ? unpackLayers(where, file, customObjects) : unpackGraph(where, file, loadGraphModel);
}

function checkEmbed(where: string, { network }: ModelManifest, embed: unknown): void {
  if ((network === 'function') === (embed !== undefined)) return;
  throw new SimileError({
    where,
    rule: embed ? `this file holds a model of ${network}` : 'this file holds a model around a function',
    remedy: embed ? 'Leave embed out.' : 'Pass the function it was made with as embed.',
    code: 'ERR_OPTION',
  });
}
