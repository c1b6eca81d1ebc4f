import { checkRows } from './check-rows.ts';
import type { ViewLoss, ViewTargets } from './contract.ts';
import type { LossParts } from './define.ts';
import { SimileError } from './errors.ts';
import { tidy, type Scalar, type Tensor2D, type Variable } from './ops.ts';

/** What a loss over two views has besides its formula. */
export interface ViewLossParts extends LossParts {
  /** It must be given targets. Default false: it takes none. */
  readonly takesTargets?: boolean;
  readonly state?: readonly Variable[];
}

/**
 * Makes a {@link ViewLoss} from its formula: checks shapes, frees every tensor but the result, and carries id and options.
 *
 * @param name Id in a registry, kebab-case.
 * @param options What the loss was made with, defaults filled in.
 * @param formula From two views `[n, d]` and, for a loss that takes them, their targets to a scalar.
 * @throws Never itself; the loss throws `ERR_SHAPE` or `ERR_DTYPE` for views or targets that do not fit, `ERR_OPTION` for targets that
 *   are missing or not wanted.
 * @example
 * const apart = defineViewLoss('apart', {}, (first, second) => mean(square(sub(first, second))));
 * apart(tensor2d([[1, 2]]), tensor2d([[1, 5]])); // (0 + 9) / 2 = 4.5
 */
export function defineViewLoss(
  name: string,
  options: Readonly<Record<string, unknown>>,
  formula: (first: Tensor2D, second: Tensor2D, targets: ViewTargets) => Scalar,
  { takesTargets = false, ...parts }: ViewLossParts = {},
): ViewLoss {
  const loss = (first: Tensor2D, second: Tensor2D, targets?: ViewTargets): Scalar => {
    checkViews(name, 'first view', 'second view', first, second);
    checkTargets(name, takesTargets, targets);
    if (targets) {
      checkViews(name, 'first view', 'target of the first view', first, targets.first);
      checkViews(name, 'first view', 'target of the second view', first, targets.second);
    }
    return tidy(() => formula(first, second, targets as ViewTargets));
  };
  return Object.defineProperties(loss, {
    name: { value: name },
    ...Object.fromEntries(
      Object.entries({ options, takesTargets, ...parts }).map(([key, value]) => [key, { value, enumerable: true }]),
    ),
  }) as unknown as ViewLoss;
}

/** Two matrices of one shape. */
function checkViews(where: string, one: string, other: string, a: Tensor2D, b: Tensor2D): void {
  checkRows(where, `the ${one}`, a);
  checkRows(where, `the ${other}`, b, a.shape[1]);
  if (a.shape[0] === b.shape[0]) return;
  throw new SimileError({
    where,
    rule: `the ${other} must have ${a.shape[0]} rows, as many as the ${one}`,
    got: b.shape[0],
    remedy: 'Pass views of the same items, in the same order.',
    code: 'ERR_SHAPE',
  });
}

function checkTargets(where: string, takesTargets: boolean, targets: ViewTargets | undefined): void {
  if (takesTargets === (targets !== undefined)) return;
  throw new SimileError({
    where,
    rule: takesTargets
      ? 'targets must be given, one a view'
      : 'the two views are compared with each other, not with targets',
    remedy: takesTargets ? 'Pass { first, second } as the third argument.' : 'Leave the third argument out.',
    code: 'ERR_OPTION',
  });
}
