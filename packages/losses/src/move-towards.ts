import { checkRange, SimileError } from '@simile/core/errors';
import { add, mul, tidy, type Variable } from '@simile/core/ops';

const id = 'move-towards';

/** Options of {@link moveTowards}. */
export interface MoveTowardsOptions {
  /** Share of its own that a target keeps; 0 to 1. Default 0.996, which BYOL and DINO begin with. */
  momentum?: number;
}

/**
 * Moves the weights of a slower network towards those of the one in training: each becomes `momentum · target + (1 − momentum) · online`.
 *
 * Call it after each step of {@link byol} or {@link dino}, whose targets that network gives. Of a tfjs-layers model, the variables are
 * `model.weights.map((weight) => weight.read() as Variable)`. Cost: O(weights).
 *
 * @param targets Weights of the slower network, changed in place.
 * @param online Weights of the network in training, in the same order.
 * @throws `ERR_OPTION` for a momentum out of its range, `ERR_SHAPE` for other counts or shapes; nothing is then changed.
 * @see Grill et al., “Bootstrap Your Own Latent”, NeurIPS 2020, section 3: https://arxiv.org/abs/2006.07733
 * @example
 * const [slow, fast] = [variable(scalar(1)), variable(scalar(5))];
 * moveTowards([slow], [fast], { momentum: 0.75 });
 * slow.arraySync(); // 0.75 · 1 + 0.25 · 5 = 2
 */
export function moveTowards(
  targets: readonly Variable[],
  online: readonly Variable[],
  options: MoveTowardsOptions = {},
): void {
  const { momentum = 0.996 } = options;
  checkRange(id, { momentum }, 0, 1);
  checkAlike(targets, online);
  tidy(() => {
    targets.forEach((target, i) => target.assign(add(mul(target, momentum), mul(online[i]!, 1 - momentum))));
  });
}

function checkAlike(targets: readonly Variable[], online: readonly Variable[]): void {
  const shapes = (variables: readonly Variable[]): string =>
    variables.map(({ shape }) => `[${shape.join(', ')}]`).join(', ');
  if (shapes(targets) === shapes(online)) return;
  throw new SimileError({
    where: id,
    rule: `targets must have the shapes of the weights that they follow, ${shapes(online) || 'none'}`,
    got: shapes(targets) || 'none',
    remedy: 'Build both networks alike, and list their weights in the same order.',
    code: 'ERR_SHAPE',
  });
}
