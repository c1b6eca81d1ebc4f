import { sumOfValid } from '@simile/core';
import { testViewLoss, type ViewBatch } from '@simile/testing';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { memory, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { goldenViews, logSumExp } from '../test/views.ts';
import { dino, type DinoOptions } from './dino.ts';
import golden from './dino.golden.json' with { type: 'json' };

type Options = Omit<DinoOptions, 'dimension'>;

/** Algorithm 1 by loops over items and outputs; the centre is that of the start. */
function oracle({ first, second, targets }: Required<ViewBatch>, options: Options): number {
  const { studentTemperature = 0.1, teacherTemperature = 0.04, center, reduce } = options;
  const crossEntropy = (teacher: readonly number[], student: readonly number[]): number => {
    const taught = teacher.map((x, k) => (x - (center?.[k] ?? 0)) / teacherTemperature);
    const said = student.map((x) => x / studentTemperature);
    const [every, own] = [logSumExp(taught), logSumExp(said)];
    return taught.reduce((total, x, k) => total - Math.exp(x - every) * (said[k]! - own), 0);
  };
  const total = first.reduce((sum, row, i) => {
    return sum + (crossEntropy(targets.first[i]!, second[i]!) + crossEntropy(targets.second[i]!, row)) / 2;
  }, 0);
  return reduce === sumOfValid ? total : total / first.length;
}

testViewLoss(
  'dino',
  (options: Options, dimension) => dino({ ...options, dimension }),
  {
    oracle,
    worked: [
      // Every output at ½, so H = log 2 both times.
      {
        first: [[0, 0]],
        second: [[5, 5]],
        targets: { first: [[1, 1]], second: [[2, 2]] },
        value: Math.LN2,
      },
      // The centre takes the teacher's preference away: it says ½ and ½, the student ¾ and ¼ (log 3 apart) for both views.
      {
        options: { center: [7, 0], studentTemperature: 1, teacherTemperature: 1 },
        first: [[Math.log(3), 0]],
        second: [[Math.log(3), 0]],
        targets: { first: [[7, 0]], second: [[8, 1]] },
        value: -(Math.log(3 / 4) + Math.log(1 / 4)) / 2,
      },
    ],
    options: [{}, { studentTemperature: 0.5, teacherTemperature: 0.25, reduce: sumOfValid }],
    golden: goldenViews<Options>(golden.cases),
    rotationInvariant: false,
    backends: ['cpu', 'wasm'],
  },
  { test },
);

beforeAll(() => setBackend('cpu'));

const rows = (x: number[][]) => tensor2d(x);

describe('the centre of dino', () => {
  test.each(golden.cases)('moves as recorded: $name', ({ options, first, second, targets, centerAfter }) => {
    const loss = dino({ ...options, dimension: centerAfter.length });
    loss(rows(first), rows(second), { first: rows(targets.first), second: rows(targets.second) });
    const center = [...loss.state![0]!.dataSync()];
    center.forEach((x, k) => expect(x).toBeCloseTo(centerAfter[k]!, 5));
    loss.dispose!();
  });

  test('moves at every call, is no variable to train, and nothing is left when it is freed', () => {
    const before = memory().numTensors;
    const loss = dino({ dimension: 1, centerMomentum: 0.75 });
    tidy(() => {
      const one = rows([[1]]);
      // Means of both targets: (4 + 8) / 2 = 6, so ¼ · 6; then ¾ · 1.5 + ¼ · (2 + 0) / 2.
      loss(one, one, { first: rows([[4]]), second: rows([[8]]) });
      expect(loss.state![0]!.dataSync()[0]).toBeCloseTo(1.5, 6);
      loss(one, one, { first: rows([[2]]), second: rows([[0]]) });
      expect(loss.state![0]!.dataSync()[0]).toBeCloseTo(1.375, 6);
    });
    expect([loss.variables, loss.state![0]!.trainable]).toEqual([undefined, false]);
    loss.dispose!();
    loss.dispose!();
    expect(memory().numTensors).toBe(before);
    const row = rows([[1]]);
    expect(() => loss(row, row, { first: row, second: row })).toThrowErrorMatchingInlineSnapshot(
      `[SimileError: dino: the loss must still have its own numbers. It was disposed of: make a new one. [ERR_STATE]]`,
    );
  });

  test('goes on from the one given', () => {
    const loss = dino({ dimension: 2, center: [1, -2] });
    expect([...loss.state![0]!.dataSync()]).toEqual([1, -2]);
    loss.dispose!();
  });
});

test('dino says what is wrong with an option, and with the width of outputs', () => {
  // @ts-expect-error no dimension
  expect(() => dino({})).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: dino: dimension must be a whole number of at least 1. Say how wide the outputs are. [ERR_OPTION]]`,
  );
  expect(() => dino({ dimension: 0 })).toThrow('dimension must be a whole number of at least 1, but got 0');
  expect(() => dino({ dimension: 2, center: [1] })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: dino: center must be 2 wide, as dimension says, but got 1. Give the loss the width of the outputs as dimension. [ERR_SHAPE]]`,
  );
  expect(() => dino({ dimension: 2, centerMomentum: 1.5 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: dino: centerMomentum must be a number from 0 to 1, but got 1.5. Leave centerMomentum out to use the default. [ERR_OPTION]]`,
  );
  expect(() => dino({ dimension: 2, teacherTemperature: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: dino: teacherTemperature must be a finite number above 0, but got 0. Leave teacherTemperature out to use the default. [ERR_OPTION]]`,
  );
  // @ts-expect-error a misspelt option
  expect(() => dino({ dimension: 2, temperature: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: dino: options are dimension, studentTemperature, teacherTemperature, centerMomentum, center, reduce, but got 'temperature'. Check the spelling. [ERR_OPTION]]`,
  );
  const row = rows([[1]]);
  expect(() => dino({ dimension: 2 })(row, row, { first: row, second: row })).toThrowErrorMatchingInlineSnapshot(
    `[SimileError: dino: outputs must be 2 wide, as dimension says, but got 1. Give the loss the width of the outputs as dimension. [ERR_SHAPE]]`,
  );
});
