import { backend_util, util } from '@tensorflow/tfjs-core';
import type { SumAttrs, TensorInfo, UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import type { KernelRunner } from '../kernel-runner.ts';
import { areFloats } from './kernel.ts';
import type { KernelFactory } from './kernel.ts';

/** Numbers of a spread: how often each value is repeated where, and what it is divided by. */
export interface SpreadAttrs {
  readonly shape: readonly number[];
  readonly axes: readonly number[];
  readonly divisor: number;
}

/** Sums and means along any axes, their gradients, and sums by segment (the gradient of gathering). */
export const reduction: KernelFactory = (runner) => ({
  Sum({ x }, attrs) {
    const { axis, keepDims } = attrs as unknown as SumAttrs;
    return x && areFloats(x) ? reduce(runner, x, axis, keepDims, false) : undefined;
  },
  Mean({ x }, attrs) {
    const { axis, keepDims } = attrs as unknown as SumAttrs;
    return x && areFloats(x) ? reduce(runner, x, axis, keepDims, true) : undefined;
  },
  SimileSpread({ x }, attrs) {
    const { shape, axes, divisor } = attrs as unknown as SpreadAttrs;
    const out = runner.output(shape);
    const [outer, reduced, inner] = split(shape, axes[0]!, axes.at(-1)! + 1);
    if (outer * reduced * inner === 0) return out;
    runner.run([x!], [out], (xAt = 0, outAt = 0) => runner.kernels.spread(outer, reduced, inner, xAt, outAt, divisor));
    return out;
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
