import { einsum, memory, setBackend, tidy } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectClose, numbers, random } from '../../test/both-backends.ts';

const sizes: Record<string, number> = { a: 3, b: 4, c: 5, d: 2, e: 1 };
const shapeOf = (letters: string): number[] => [...letters].map((letter) => sizes[letter]!);
const sizeOf = (letters: string): number => shapeOf(letters).reduce((a, b) => a * b, 1);

/** The sum as it is defined, in float64: a loop over every letter. */
function oracle(operands: string[], result: string): Float64Array {
  const letters = [...new Set(operands.join(''))];
  const values = operands.map((of, i) => numbers(sizeOf(of), i + 1));
  const out = new Float64Array(sizeOf(result));
  const at = new Map<string, number>();
  const offset = (of: string): number => [...of].reduce((sum, letter) => sum * sizes[letter]! + at.get(letter)!, 0);
  const loop = (depth: number): void => {
    const letter = letters[depth];
    if (letter === undefined) {
      out[offset(result)]! += operands.reduce((product, of, i) => product * values[i]![offset(of)]!, 1);
      return;
    }
    for (let i = 0; i < sizes[letter]!; i++) {
      at.set(letter, i);
      loop(depth + 1);
    }
  };
  loop(0);
  return out;
}

// cpu is no reference here: it gives 'ab,ab->ab' the shape [1, 1].
test('einsum equals its definition: products, outer products, batches, transpositions and sums', async () => {
  await setBackend('simile-wasm');
  const equations =
    'ab,bc->ac ab,cb->ac ab,ab->ab ab,ab->a ab,ab-> a,b->ab a,b->ba dab,dbc->dac abc,cd->adb abcd,cb->ad ab->ba abc->b ab-> abe,ec->cab ab,c->ab';
  for (const equation of equations.split(' ')) {
    const [inputs = '', result = ''] = equation.split('->');
    const operands = inputs.split(',');
    const before = memory().numTensors;
    const sum = tidy(() => einsum(equation, ...operands.map((letters, i) => random(shapeOf(letters), i + 1))));
    expect(memory().numTensors - before).toBe(1);
    expect(sum.shape, equation).toEqual(shapeOf(result));
    expectClose(sum.dataSync(), oracle(operands, result), 1e-6);
    sum.dispose();
  }
});
