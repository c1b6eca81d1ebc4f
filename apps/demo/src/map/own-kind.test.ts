import { expect, test } from 'vitest';
import { ownKind } from './own-kind.ts';

test('counts, label by label, the rows that lie nearest to one of their own', () => {
  // On a line: 0 at 0 and 1; 1 at 10, 11 and beside the zeros at 1.5; one “star” alone at 30.
  const values = Float32Array.of(0, 1, 10, 11, 1.5, 30);
  const shares = ownKind({ values, dimension: 1 }, [0, 0, 1, 1, 1, 'star']);
  // 1 lies nearest to 1.5, which is no 0; 1.5 to 1, which is no 1.
  expect([...shares]).toEqual([
    [0, 1 / 2],
    [1, 2 / 3],
    ['star', 0],
  ]);
});
