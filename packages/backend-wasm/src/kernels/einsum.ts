import { backend_util, clone, matMul, reshape, sum, tidy, transpose } from '@tensorflow/tfjs-core';
import type { EinsumAttrs, Tensor } from '@tensorflow/tfjs-core';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** A tensor whose axes have letters. */
interface Term {
  readonly letters: string;
  readonly tensor: Tensor;
}

/**
 * Einstein summation over any number of operands, each pair contracted by one batched matrix product; stock wasm has
 * none. An operation inside a kernel is not recorded, so it costs no gradient.
 */
export const einsum: KernelFactory = () => ({
  Einsum(inputs, attrs) {
    const tensors = Object.values(inputs) as Tensor[];
    if (!areFloats(...tensors)) return undefined;
    const { equation } = attrs as unknown as EinsumAttrs;
    const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
    backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors);
    const [operands = '', result = ''] = equation.replaceAll(/\s/g, '').split('->');
    const letters = operands.split(',');
    return tidy(() => {
      let term: Term = { letters: letters[0]!, tensor: tensors[0]! };
      for (let i = 1; i < tensors.length; i++) {
        const needed = [result, ...letters.slice(i + 1)].join('');
        term = contract(term, { letters: letters[i]!, tensor: tensors[i]! }, needed);
      }
      return arrange(sumOut(term, result), result);
    });
  },
});

/** The product of two terms, summed over the letters that nothing else needs. */
function contract(first: Term, second: Term, needed: string): Term {
  const a = sumOut(first, second.letters + needed);
  const b = sumOut(second, first.letters + needed);
  const shared = [...a.letters].filter((letter) => b.letters.includes(letter));
  const batch = shared.filter((letter) => needed.includes(letter)).join('');
  const summed = shared.filter((letter) => !needed.includes(letter)).join('');
  const onlyA = without(a.letters, batch + summed);
  const onlyB = without(b.letters, batch + summed);
  const size = (term: Term, letters: string): number => sizesOf(term, letters).reduce((x, y) => x * y, 1);
  const left = reshape(arrange(a, batch + onlyA + summed), [size(a, batch), size(a, onlyA), size(a, summed)]);
  const right = reshape(arrange(b, batch + summed + onlyB), [size(b, batch), size(b, summed), size(b, onlyB)]);
  const product = matMul(left, right);
  const shape = [...sizesOf(a, batch + onlyA), ...sizesOf(b, onlyB)];
  return { letters: batch + onlyA + onlyB, tensor: reshape(product, shape) };
}

/** Sums over the letters that are not in `needed`. */
function sumOut({ letters, tensor }: Term, needed: string): Term {
  const axes = [...letters].flatMap((letter, axis) => (needed.includes(letter) ? [] : [axis]));
  if (axes.length === 0) return { letters, tensor };
  return { letters: [...letters].filter((letter) => needed.includes(letter)).join(''), tensor: sum(tensor, axes) };
}

/** The tensor with its axes in the order of `wanted`. */
function arrange({ letters, tensor }: Term, wanted: string): Tensor {
  return letters === wanted
    ? clone(tensor)
    : transpose(
        tensor,
        [...wanted].map((letter) => letters.indexOf(letter)),
      );
}

function sizesOf({ letters, tensor }: Term, wanted: string): number[] {
  return [...wanted].map((letter) => tensor.shape[letters.indexOf(letter)]!);
}

function without(letters: string, taken: string): string {
  return [...letters].filter((letter) => !taken.includes(letter)).join('');
}
