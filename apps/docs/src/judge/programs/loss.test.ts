import { lossChecks } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { loss, test as lossTest } from './loss.ts';

test('the loss that the judge begins with passes every check', async () => {
  const failed: string[] = [];
  for (const { name, run } of lossChecks(loss, { ...lossTest, backends: ['cpu'] })) {
    const { outcome, detail } = await run();
    if (outcome !== 'passed') failed.push(`${name}: ${detail}`);
  }
  expect(failed).toEqual([]);
});
