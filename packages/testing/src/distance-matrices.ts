import { createRandom } from '@simile/core/random';
import { normalRows, unitRows, type Rows } from './batches.ts';

/** Pairs of matrices without anything special; without a second one, the first against itself. */
export function ordinaryMatrices(): [Rows, Rows | undefined][] {
  const random = createRandom(20_260_201);
  return [
    [normalRows(random, 6, 3), normalRows(random, 4, 3)],
    [normalRows(random, 5, 7, 2), undefined],
    [unitRows(random, 7, 4), unitRows(random, 9, 4)],
    [normalRows(random, 1, 8), normalRows(random, 5, 8)],
    [normalRows(random, 5, 2), normalRows(random, 1, 2)],
    [unitRows(random, 10, 33), undefined],
  ];
}

/** Matrices where something is missing or extreme, each with its name. */
export function extremeMatrices(): [string, Rows, Rows | undefined][] {
  const random = createRandom(20_260_202);
  const rows = normalRows(random, 4, 3);
  const scaled = (scale: number): Rows => rows.map((row) => row.map((x) => Math.fround(x * scale)));
  return [
    [
      'rows of zeros',
      [
        [0, 0, 0],
        [1, 2, 3],
      ],
      [
        [0, 0, 0],
        [3, 1, -1],
      ],
    ],
    [
      'rows of zeros only',
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      undefined,
    ],
    [
      'constant rows',
      [
        [2, 2, 2],
        [1, 2, 3],
        [-1, -1, -1],
      ],
      undefined,
    ],
    [
      'opposite rows',
      [
        [1, 2, 3],
        [-1, -2, -3],
      ],
      undefined,
    ],
    ['identical rows', [rows[0]!, rows[0]!, rows[0]!], undefined],
    ['rows of one number', [[1], [-2], [0]], undefined],
    ['rows of size 1e4', scaled(1e4), undefined],
    ['rows of size 1e-4', scaled(1e-4), undefined],
    ['rows of size 1e-15', scaled(1e-15), undefined],
  ];
}
