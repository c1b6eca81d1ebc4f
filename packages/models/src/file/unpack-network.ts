import { section, type Sections } from '@simile/core/container';
import { SimileError } from '@simile/core/errors';
import { registerLayers } from '@simile/layers';
import { serialization, type io } from '@tensorflow/tfjs-core';
import { models, type LayersModel } from '@tensorflow/tfjs-layers';
import { graphEmbedder, type GraphEmbedder, type GraphModelLike } from '../embedders/graph-embedder.ts';
import { layersEmbedder, type LayersEmbedder } from '../embedders/layers-embedder.ts';
import { fileError, readJson } from './manifest.ts';
import { unpackWeights } from './weights.ts';

/** Class of a layer, as `serialization.registerClass` of tfjs takes it. */
export type LayerClass = serialization.SerializableConstructor<serialization.Serializable> & { className: string };

/** Makes the layers of a file, with its weights. Only classes of tfjs, ours and `customObjects` are made. @throws `ERR_FILE` */
export async function unpackLayers(
  where: string,
  file: Sections,
  customObjects: readonly LayerClass[],
): Promise<LayersEmbedder> {
  const topology = readJson('topology', section(file, 'topology')) as object;
  const specs = readJson('weight-specs', section(file, 'weight-specs'));
  const bytes = section(file, 'weights');
  registerLayers();
  for (const made of customObjects) serialization.registerClass(made);
  let layers: LayersModel;
  try {
    layers = await models.modelFromJSON({ modelTopology: topology as never });
  } catch (cause) {
    const [, unknown] = /^Unknown layer: ([^.\s]+)/.exec((cause as Error).message) ?? [];
    throw unknown
      ? fileError('every layer must be known', unknown, 'Give the classes of your own layers as customObjects.', cause)
      : fileError('the topology must describe a model', (cause as Error).message, 'Save the model again.', cause);
  }
  try {
    unpackWeights(layers, specs, bytes);
    return layersEmbedder(where, layers);
  } catch (error) {
    layers.dispose();
    throw error;
  }
}

/** `loadGraphModel` of `@tensorflow/tfjs-converter`. */
export type LoadGraphModel = (handler: io.IOHandler) => Promise<GraphModelLike>;

/** Has the graph model of a file made by tfjs itself. @throws `ERR_OPTION` without `loadGraphModel` */
export async function unpackGraph(
  where: string,
  file: Sections,
  loadGraphModel: LoadGraphModel | undefined,
): Promise<GraphEmbedder> {
  if (!loadGraphModel) {
    throw new SimileError({
      where,
      rule: 'this file holds a graph model, which its own package must load',
      remedy: 'Pass { loadGraphModel } from @tensorflow/tfjs-converter.',
      code: 'ERR_OPTION',
    });
  }
  const artifacts = readJson('graph', section(file, 'graph')) as io.ModelArtifacts;
  const weightData = section(file, 'weights').slice().buffer;
  return graphEmbedder(where, await loadGraphModel({ load: async () => ({ ...artifacts, weightData }) }));
}
