import type { Random } from '@simile/core/random';
import { dispose, type serialization } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { allLayers, type Layer } from './all-layers.ts';

type Config = serialization.ConfigDict;

/**
 * Draws every weight of the model anew, each through its layer's own initializer with a seed of ours, so that one seed
 * gives the same weights on every platform. An initializer that has a seed, and weights given to a layer, are left alone.
 *
 * tfjs draws weights when a layer is first applied, from a seed that cannot be set, so each layer with weights is built a
 * second time from its configuration, seeds filled in, and its weights copied.
 */
export function drawWeights(model: LayersModel, random: Random): void {
  allLayers(model).forEach((layer, i) => {
    if (layer.weights.length === 0 || (layer as unknown as { initialWeights: unknown }).initialWeights) return;
    const stream = random.fork(`layer ${i}`);
    const made = layer.constructor as unknown as serialization.SerializableConstructor<Layer>;
    const twin = made.fromConfig(made, withSeeds(layer.getConfig(), stream) as Config);
    const inputShapes = layer.inboundNodes[0]!.inputShapes as number[][];
    twin.build(inputShapes.length === 1 ? inputShapes[0]! : inputShapes);
    layer.setWeights(twin.weights.map((weight) => weight.read()));
    dispose(twin.weights.map((weight) => weight.read()));
  });
}

/**
 * Sets the seed of every `dropout` layer for the next step. Without it a seeded dropout layer of tfjs drops the same units
 * at every step; a layer whose seed the caller set is changed as well.
 */
export function drawDropout(model: LayersModel, random: Random): void {
  for (const layer of allLayers(model)) {
    if (/Dropout/.test(layer.getClassName()) && 'seed' in layer) (layer as { seed: number }).seed = random.seed();
  }
}

/** The configuration with a seed in every place for one that is empty. */
function withSeeds(config: unknown, random: Random): unknown {
  if (Array.isArray(config)) return config.map((value) => withSeeds(value, random));
  if (typeof config !== 'object' || config === null) return config;
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      key === 'seed' ? (value ?? random.seed()) : withSeeds(value, random),
    ]),
  );
}
