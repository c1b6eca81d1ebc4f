import { expect, test } from 'vitest';
import { deadLayers, findings } from './findings.ts';

const limits = { leastSpread: 0.01, mostFlat: 0.9, leastActive: 0.01 };
const well = { loss: 1, spread: 0.8, rms_distance: 1, flat_dimensions: 0, active_costs: 0.5 };
const what = (logs: object, first = well): string[] =>
  findings({ ...well, ...logs }, first, limits).map((one) => one.what);

test('at a limit all is well, beyond it is not', () => {
  expect(what({})).toEqual([]);
  expect(what({ spread: 0.01, rms_distance: 0.01, flat_dimensions: 0.9, active_costs: 0.01 })).toEqual([]);
  expect(what({ spread: 0.0099 })).toEqual(['collapse']);
  expect(what({ rms_distance: 0.0099 })).toEqual(['collapse']);
  expect(what({ rms_distance: 0.5 }, { ...well, rms_distance: 51 })).toEqual(['collapse']);
  expect(what({ flat_dimensions: 0.91 })).toEqual(['flat-dimensions']);
  expect(what({ active_costs: 0.009 })).toEqual(['no-costs']);
  expect(what({ loss: 0 })).toEqual(['no-costs']);
});

test('a collapse is told once, whatever figures show it', () => {
  expect(what({ spread: 0, rms_distance: 0, flat_dimensions: 1, active_costs: 0, loss: 0 })).toEqual([
    'collapse',
    'no-costs',
  ]);
});

test('layers with more dead units than the share are named together', () => {
  const counts = [
    { layer: 'a', dead: 9, units: 10 },
    { layer: 'b', dead: 10, units: 10 },
  ];
  expect(deadLayers(counts, 0.9).map(({ got }) => got)).toEqual(['b: 10 of 10']);
  expect(deadLayers(counts, 0.5).map(({ got }) => got)).toEqual(['a: 9 of 10, b: 10 of 10']);
  expect(deadLayers(counts, 1)).toEqual([]);
});
