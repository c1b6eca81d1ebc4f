import { backend_util, util } from '@tensorflow/tfjs-core';
import type { SumAttrs, TensorInfo, TileAttrs, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import type { KernelRunner } from '../kernel-runner.ts';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** Numbers of a spread: how often each value is repeated where, and what it is divided by. */
export interface SpreadAttrs {
  readonly shape: readonly number[];
  readonly axes: readonly number[];
  readonly divisor: number;
}

/** Sums and means along any axes, their gradients, repeats along axes of size 1, and sums by segment (the gradient of gathering). */
export const reduction: KernelFactory = (runner) => ({
  Sum({ x }, attrs) {
    const { axis, keepDims } = attrs as unknown as SumAttrs;
    return x && areFloats(x) ? reduce(runner, x, axis, keepDims, false) : undefined;
  },
  Mean({ x }, attrs) {
    const { axis, keepDims } = attrs as unknown as SumAttrs;
    return x && areFloats(x) ? reduce(runner, x, axis, keepDims, true) : undefined;
  },
  SimileSpread: ({ x }, attrs) => spread(runner, x!, attrs as unknown as SpreadAttrs),
  Tile({ x }, attrs) {
    if (!x || !areFloats(x)) return undefined;
    const { reps } = attrs as unknown as TileAttrs;
    const shape = x.shape.map((size, axis) => size * reps[axis]!);
    const axes = reps.flatMap((times, axis) => (times === 1 ? [] : [axis]));
    // What broadcasting asks for: neighbouring axes of size 1, or those about axes that are 1 anyway.
    const [begin = 0, end = begin] = [axes[0], axes.at(-1)! + 1];
    const run = x.shape.slice(begin, end).every((size) => size === 1);
    if (axes.length === 0 || !run) return undefined;
    return spread(runner, x, { shape, axes, divisor: 1 });
  },
  UnsortedSegmentSum({ x, segmentIds }, attrs) {
    if (!x || !segmentIds || !areFloats(x) || segmentIds.dtype !== 'int32') return undefined;
    const { numSegments } = attrs as unknown as UnsortedSegmentSumAttrs;
    const idAxes = segmentIds.shape.length;
    const rows = util.sizeFromShape(segmentIds.shape);
    const rest = x.shape.slice(idAxes);
    const inner = util.sizeFromShape(rest);
    const out = runner.output([numSegments, ...rest]);
    runner.run([x, segmentIds], [out], (xAt = 0, idsAt = 0, outAt = 0) =>
      runner.kernels.segmentSum(rows, inner, numSegments, xAt, idsAt, outAt),
    );
    return out;
  },
});

function spread(runner: KernelRunner, x: TensorInfo, { shape, axes, divisor }: SpreadAttrs): TensorInfo {
  const out = runner.output(shape);
  const [outer, reduced, inner] = split(shape, axes[0]!, axes.at(-1)! + 1);
  if (outer * reduced * inner === 0) return out;
  runner.run([x], [out], (xAt = 0, outAt = 0) => runner.kernels.spread(outer, reduced, inner, xAt, outAt, divisor));
  return out;
}

function reduce(
  runner: KernelRunner,
  x: TensorInfo,
  axis: SumAttrs['axis'],
  keepDims: boolean,
  mean: boolean,
): TensorInfo {
  const axes = util.parseAxisParam(axis, x.shape).toSorted((a, b) => a - b);
  const [outShape, reducedShape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape;
  const out = runner.output(shape);
  const divisor = mean ? util.sizeFromShape(reducedShape) : 1;
  const runs = runsOf(axes);
  if (runs.length === 0) runs.push([0, 0]); // nothing to sum over: a copy
  // Axes apart from each other are summed run by run, from the last, so that the numbers of the others still hold.
  let from = x;
  let fromShape = x.shape;
  for (const [i, [begin, end]] of runs.entries()) {
    const isLast = i === runs.length - 1;
    const [outer, reduced, inner] = split(fromShape, begin, end);
    fromShape = [...fromShape.slice(0, begin), ...fromShape.slice(end)];
    const to = isLast ? out : runner.output(fromShape);
    const by = isLast ? divisor : 1;
    const source = from;
    if (outer * inner > 0) {
      runner.run([source], [to], (xAt = 0, outAt = 0) => runner.kernels.sum(outer, reduced, inner, xAt, outAt, by));
    }
    if (source !== x) runner.backend.disposeData(source.dataId);
    from = to;
  }
  return out;
}

/** Runs of neighbouring axes, [begin, end), from the last to the first. */
function runsOf(axes: readonly number[]): [begin: number, end: number][] {
  const runs: [number, number][] = [];
  for (const axis of axes) {
    const last = runs[0];
    if (last && last[1] === axis) last[1] = axis + 1;
    else runs.unshift([axis, axis + 1]);
  }
  return runs;
}

/** Sizes before, within and after the axes [begin, end). */
function split(shape: readonly number[], begin: number, end: number): [outer: number, reduced: number, inner: number] {
  const size = (from: number, to?: number): number => util.sizeFromShape(shape.slice(from, to));
  return [size(0, begin), size(begin, end), size(end)];
}
