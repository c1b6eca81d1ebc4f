import { serialization } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { registerLayers } from './register-layers.ts';

test('registerLayers makes every layer known to tfjs, once or again; importing does not', () => {
  const known = () => Object.keys(serialization.SerializationMap.getMap().classNameMap);
  const names = ['MetricEmbedding', 'GeneralizedMeanPooling1D', 'GeneralizedMeanPooling2D', 'ActivationStdLogging'];
  for (const name of names) expect(known()).not.toContain(name);
  registerLayers();
  registerLayers();
  for (const name of names) expect(known().filter((other) => other === name)).toHaveLength(1);
});
