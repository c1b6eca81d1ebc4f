import { serialization } from '@tensorflow/tfjs-core';
import { ActivationStdLogging } from './activation-std-logging.ts';
import { GeneralizedMeanPooling1D } from './generalized-mean-pooling1d.ts';
import { GeneralizedMeanPooling2D } from './generalized-mean-pooling2d.ts';
import { metricEmbeddingClass } from './metric-embedding.ts';

/**
 * Tells tfjs the layers of this package, so that `tf.loadLayersModel` can read models that hold them. Calling it again
 * changes nothing. Making a layer registers that layer by itself.
 *
 * @example
 * registerLayers();
 * const saved = sequential({ layers: [metricEmbedding({ units: 2, inputShape: [3] })] }).toJSON(null, false);
 * const model = await models.modelFromJSON(saved as never);
 * model.layers[0]!.getClassName(); // 'MetricEmbedding'
 */
export function registerLayers(): void {
  serialization.registerClass(metricEmbeddingClass());
  serialization.registerClass(GeneralizedMeanPooling1D);
  serialization.registerClass(GeneralizedMeanPooling2D);
  serialization.registerClass(ActivationStdLogging);
}
