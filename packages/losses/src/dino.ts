import { defineViewLoss, meanOfAll, stopGradient, type Reducer, type ViewLoss } from '@simile/core';
import { checkNames, checkPositive, checkRange, SimileError } from '@simile/core/errors';
import {
  add,
  concat,
  div,
  logSoftmax,
  mean,
  mul,
  ones,
  softmax,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import { checkHeld, freeHeld, ownNumbers } from './own-numbers.ts';

const id = 'dino';

/** Options of {@link dino}. */
export interface DinoOptions {
  /** Width of the outputs, the number of prototypes; 1 or more. */
  dimension: number;
  /** Temperature of the student's softmax; above 0. Default 0.1. */
  studentTemperature?: number;
  /** Temperature of the teacher's softmax, lower, so that it is surer; above 0. Default 0.04. */
  teacherTemperature?: number;
  /** Share of the centre that stays at each call; 0 to 1. Default 0.9. */
  centerMomentum?: number;
  /** The centre to go on from, `dimension` numbers. Default zeros. */
  center?: readonly number[];
  /** From the costs of the items to one number. Default `meanOfAll`, the paper's. */
  reduce?: Reducer;
}

/**
 * DINO: from one view, a student answers what a slower teacher, centred and sharpened, makes of the other.
 *
 * $$ \ell_i = \tfrac12 H(t_{1i}, s_{2i}) + \tfrac12 H(t_{2i}, s_{1i}), \quad
 *    t = \operatorname{softmax}\frac{t' - c}{\tau_t}, \; s = \operatorname{softmax}\frac{s'}{\tau_s} $$
 *
 * H is cross entropy. The views are outputs of the student's head, the targets those of the teacher's, constants. After each call the
 * centre c becomes `centerMomentum · c + (1 − centerMomentum) ·` the mean of both targets: it is `state[0]`, which no gradient trains.
 * After each step the teacher follows the student: `moveTowards`.
 *
 * | tensor        | shape    | dtype   | unit                                              |
 * | ------------- | -------- | ------- | ------------------------------------------------- |
 * | first, second | `[n, d]` | float32 | logits of the student; d is `dimension`           |
 * | targets       | `[n, d]` | float32 | logits of the teacher for the same views          |
 * | result        | `[]`     | float32 | nats; 0 or more                                   |
 *
 * Since every call moves the centre, keep one loss for training and make another for validation. `dispose` frees the centre. Views beyond
 * two (local crops) are more calls. Cost: O(nd).
 *
 * @throws `ERR_OPTION` for an option out of its range, `ERR_SHAPE` for a centre of another width; the loss throws `ERR_SHAPE`,
 *   `ERR_DTYPE`, `ERR_OPTION` without targets, and `ERR_STATE` once its centre is freed.
 * @see Caron et al., “Emerging Properties in Self-Supervised Vision Transformers”, ICCV 2021, algorithm 1:
 *   https://arxiv.org/abs/2104.14294
 * @example
 * const loss = dino({ dimension: 2, studentTemperature: 1, teacherTemperature: 1 });
 * const logits = tensor2d([[0, 0]]);
 * loss(logits, logits, { first: logits, second: logits }); // all at ½: log 2 ≈ 0.6931
 */
export function dino(options: DinoOptions): ViewLoss {
  const { dimension, studentTemperature = 0.1, teacherTemperature = 0.04, centerMomentum = 0.9 } = options;
  const { center: start, reduce = meanOfAll } = options;
  const names = ['dimension', 'studentTemperature', 'teacherTemperature', 'centerMomentum', 'center', 'reduce'];
  checkNames(id, options, names);
  checkDimension(dimension);
  checkPositive(id, { studentTemperature, teacherTemperature });
  checkRange(id, { centerMomentum }, 0, 1);
  if (start) checkWidth('center', start.length, dimension);
  const center = ownNumbers(start ?? Array.from({ length: dimension }, () => 0), false);

  return defineViewLoss(
    id,
    { dimension, studentTemperature, teacherTemperature, centerMomentum },
    (first, second, targets) => {
      checkHeld(id, [center]);
      checkWidth('outputs', first.shape[1], dimension);
      const taught = (logits: Tensor2D): Tensor2D => softmax(div(sub(logits, center), teacherTemperature)) as Tensor2D;
      const said = (logits: Tensor2D): Tensor2D => logSoftmax(div(logits, studentTemperature)) as Tensor2D;
      const aims = { first: stopGradient(targets.first), second: stopGradient(targets.second) };
      const agreement = add(
        sum(mul(taught(aims.first), said(second)), 1),
        sum(mul(taught(aims.second), said(first)), 1),
      ); // [n], −H of both
      const outputs = mean(concat([aims.first, aims.second]), 0); // [d]
      center.assign(add(mul(center, centerMomentum), mul(outputs, 1 - centerMomentum)));
      return reduce(div(agreement, -2) as Tensor1D, ones([first.shape[0]]));
    },
    { takesTargets: true, state: [center], dispose: () => freeHeld([center]) },
  );
}

/** Like `checkInteger`, for what has no default to fall back on. */
function checkDimension(dimension: unknown): void {
  if (Number.isSafeInteger(dimension) && (dimension as number) > 0) return;
  throw new SimileError({
    where: id,
    rule: 'dimension must be a whole number of at least 1',
    got: dimension,
    remedy: 'Say how wide the outputs are.',
    code: 'ERR_OPTION',
  });
}

function checkWidth(what: string, got: number, dimension: number): void {
  if (got === dimension) return;
  throw new SimileError({
    where: id,
    rule: `${what} must be ${dimension} wide, as dimension says`,
    got,
    remedy: 'Give the loss the width of the outputs as dimension.',
    code: 'ERR_SHAPE',
  });
}
