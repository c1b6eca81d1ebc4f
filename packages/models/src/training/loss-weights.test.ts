import { selectBackend } from '@simile/core/backend';
import { proxyAnchor } from '@simile/losses';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import { clusters, network } from '../../test/clusters.ts';
import { similarityModel } from '../similarity-model.ts';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

test('fit trains the proxies of a loss together with the network, and the proxies come to their classes', async () => {
  const data = clusters();
  const loss = proxyAnchor({ classes: 3, dimension: 3, seed: 2 });
  const [proxies] = loss.variables!;
  const before = [...proxies!.dataSync()];
  const model = similarityModel({ ...network(), seed: 1 });
  model.compile({ optimizer: 'adam', learningRate: 0.02, loss });
  const { losses } = await model.fit(data, { epochs: 30, stepsPerEpoch: 4 });
  const after = [...proxies!.dataSync()];
  expect(after.every((x, i) => Number.isFinite(x) && x !== before[i])).toBe(true);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! / 2);

  const { data: vectors } = await model.predict(data.x);
  const length = (row: number[]): number => Math.hypot(...row);
  const right = [...data.labels].filter((label, i) => {
    const row = [...vectors.subarray(3 * i, 3 * i + 3)];
    const cosines = [0, 1, 2].map((c) => {
      const proxy = after.slice(3 * c, 3 * c + 3);
      return proxy.reduce((total, x, k) => total + x * row[k]!, 0) / length(proxy);
    });
    return cosines.indexOf(Math.max(...cosines)) === label;
  });
  expect(right.length).toBeGreaterThan(55); // of 60
  loss.dispose!();
});
