import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

export type Layer = ReturnType<typeof layers.dense>;

/** Layers of the model and of models inside it, in order. */
export function allLayers(model: LayersModel): Layer[] {
  return model.layers.flatMap((layer) =>
    'layers' in layer ? allLayers(layer as unknown as LayersModel) : [layer as Layer],
  );
}
