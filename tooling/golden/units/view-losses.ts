// Losses over two views of the same items.
import { meanOfAll, type Reducer, type ViewLoss, type ViewTargets } from '@simile/core';
import {
  acos,
  add,
  clipByValue,
  div,
  keep,
  mul,
  neg,
  valueAndGrads,
  variableGrads,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@simile/core/ops';
import { barlowTwins, byol, clip, dino, ntXent, selfSupervised, sigLip, simSiam, vicReg } from '@simile/losses';
import { inputOf, numbersOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { onlyOptions } from './losses.ts';
import { pytorchMaker } from './pair-losses.ts';
import { matrixOf, numbers } from './tensor-inputs.ts';

type Numbers = Readonly<Record<string, number>>;

interface Ran {
  readonly value: number;
  readonly gradients: readonly Float32Array[];
  readonly byVariables: readonly Float32Array[];
  readonly state: readonly Float32Array[];
}

/** Value and gradients of a loss on the named inputs; each from a loss of its own, since a call may move its state. */
function run(golden: GoldenCase, make: () => ViewLoss, views: [string, string], targets?: [string, string]): Ran {
  const inputs = views.map((key) => matrixOf(golden, key));
  const aims = targets?.map((key) => matrixOf(golden, key));
  const pair: ViewTargets | undefined = aims && { first: aims[0]!, second: aims[1]! };
  const losses = [make(), make()] as const;
  const call = (loss: ViewLoss, [a, b]: readonly Tensor[]): Scalar => loss(a as Tensor2D, b as Tensor2D, pair);
  const { value, grads } = valueAndGrads((...x: Tensor[]) => call(losses[0], x))(inputs);
  const own = [...(losses[1].variables ?? [])];
  const taped = own.length > 0 ? variableGrads(() => call(losses[1], inputs), own) : undefined;
  const state = (losses[0].state ?? []).map((held) => Float32Array.from(held.dataSync()));
  const [number, ...gradients] = numbers(value, ...grads);
  const byVariables = numbers(...own.map(({ name }) => taped!.grads[name]!));
  for (const used of [...inputs, ...(aims ?? []), taped?.value]) used?.dispose();
  for (const loss of losses) loss.dispose?.();
  return { value: number![0]!, gradients, byVariables, state };
}

/** Costs that a reducer was given at its first call. */
function seen(reduce: Reducer): { reduce: Reducer; costs: () => Float32Array } {
  let kept: Tensor | undefined;
  return {
    reduce: (costs, valid) => {
      kept ??= keep(mul(costs, 1));
      return reduce(costs, valid);
    },
    costs: () => numbers(kept!)[0]!,
  };
}

const optionsOf = (golden: GoldenCase, known: readonly string[]): Numbers => {
  onlyOptions(golden, known);
  return golden.options as Numbers;
};

// ---- TensorFlow Similarity: za, zb

/** `loss/simclr` of golden/tfsim: gradients of theirs are twice the paper's, as their value is. */
export function tensorFlowSimclr(golden: GoldenCase): Outcome {
  const { temperature = 0.05 } = optionsOf(golden, ['temperature']);
  const observed = seen(meanOfAll);
  const { value, gradients } = run(golden, () => ntXent({ temperature, reduce: observed.reduce }), ['za', 'zb']);
  const costs = observed.costs();
  const n = costs.length / 2;
  const perExample = costs.slice(0, n).map((cost, i) => (cost + costs[i + n]!) / 2);
  const halved = (key: string): Record<string, unknown> =>
    golden.expected[key] ? { [key]: numbersOf(golden.expected[key]).map((x) => x / 2) } : {};
  return {
    got: { value, perExample, gradientA: gradients[0], gradientB: gradients[1] },
    wanted: { ...halved('gradientA'), ...halved('gradientB') },
  };
}

/**
 * `loss/simsiam` of golden/tfsim: one direction, halved, plus a margin, of a cosine or what stands in for it; here as a reducer of the
 * costs, −cos, that simSiam gives. Its projector side is the target, a constant.
 */
export function tensorFlowSimsiam(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['projectionType', 'margin']);
  const { projectionType = 'negative_cosine_sim', margin = 0.001 } = golden.options as {
    projectionType?: string;
    margin?: number;
  };
  const projected = (costs: Tensor1D): Tensor1D => {
    if (projectionType === 'negative_cosine_sim') return costs;
    if (projectionType === 'cosine_distance') return add(costs, 1);
    if (projectionType === 'angular_distance') return div(acos(clipByValue(neg(costs), -1, 1)), Math.PI);
    throw new NotCovered(`projection ${projectionType}`);
  };
  const observed = seen(meanOfAll);
  const reduce: Reducer = (costs, valid) => observed.reduce(add(mul(projected(costs), 0.5), margin), valid);
  const { value, gradients } = run(golden, () => simSiam({ reduce }), ['zb', 'zb'], ['za', 'za']);
  const left: Record<string, string> = { gradientA: 'by the projector side, which is held constant here' };
  if (projectionType === 'angular_distance' && golden.expectedFixed) {
    for (const key of ['value', 'perExample']) left[key] = 'the arc cosine of equal views, which float32 tells to 3e-4';
    return { got: {}, left };
  }
  const both = gradients[0]!.map((x, i) => x + gradients[1]![i]!);
  return { got: { value, perExample: observed.costs(), gradientB: both }, left };
}

/** `loss/barlow` of golden/tfsim, which adds a margin. */
export function tensorFlowBarlow(golden: GoldenCase): Outcome {
  const { lambda = 5e-3, margin = 1e-12 } = optionsOf(golden, ['lambda', 'margin']);
  const { value, gradients } = run(golden, () => barlowTwins({ lambda }), ['za', 'zb']);
  return { got: { value: value + margin, gradientA: gradients[0], gradientB: gradients[1] } };
}

/**
 * `loss/vicreg` of golden/tfsim: invariance over d, variance halved and divided by n. With c = (n − 1)/n, their deviation √(c v + ε) is
 * √c √(v + ε/c), which weights make up for.
 */
export function tensorFlowVicreg(golden: GoldenCase): Outcome {
  const options = optionsOf(golden, ['lambda', 'mu', 'nu', 'stdConst']);
  const { lambda = 25, mu = 25, nu = 1, stdConst: epsilon = 1e-4 } = options;
  const [n, d] = inputOf(golden, 'za').shape as [number, number];
  const c = (n - 1) / n;
  const biased = { lambda: lambda / d, mu: (mu / 2) * Math.sqrt(c), nu, gamma: 1 / Math.sqrt(c), epsilon: epsilon / c };
  const { value, gradients } = run(golden, () => vicReg(biased), ['za', 'zb']);
  const authors = run(golden, () => vicReg({ lambda: lambda / d, mu: mu / 2, nu, epsilon }), ['za', 'zb']);
  return {
    got: {
      value,
      gradientA: gradients[0],
      gradientB: gradients[1],
      unbiasedVariance: { value: authors.value },
    },
    left: { perExample: 'the loss is one number for a batch' },
  };
}

// ---- Papers

/** `paper/SimCLR` of golden/papers. */
export function paperSimclr(golden: GoldenCase): Outcome {
  const { temperature = 0.5 } = optionsOf(golden, ['temperature']);
  const { value, gradients } = run(golden, () => ntXent({ temperature }), ['z1', 'z2']);
  return { got: { value, grad_z1: gradients[0], grad_z2: gradients[1] } };
}

/** `paper/SimSiam` of golden/papers. */
export function paperSimsiam(golden: GoldenCase): Outcome {
  optionsOf(golden, []);
  const { value, gradients } = run(golden, simSiam, ['p1', 'p2'], ['z1', 'z2']);
  return { got: { value, grad_p1: gradients[0], grad_p2: gradients[1] } };
}

/** `paper/BYOL` of golden/papers. */
export function paperByol(golden: GoldenCase): Outcome {
  optionsOf(golden, []);
  const { value, gradients } = run(golden, byol, ['online1', 'online2'], ['target1', 'target2']);
  return { got: { value, grad_online1: gradients[0], grad_online2: gradients[1] } };
}

/** `paper/DINO` of golden/papers, with the centre after the call. */
export function paperDino(golden: GoldenCase): Outcome {
  const options = optionsOf(golden, ['student_temperature', 'teacher_temperature', 'center_momentum']);
  const center = numbersOf(golden.inputs['center']);
  const named = {
    studentTemperature: options['student_temperature']!,
    teacherTemperature: options['teacher_temperature']!,
    centerMomentum: options['center_momentum']!,
  };
  const make = (): ViewLoss => dino({ dimension: center.length, center, ...named });
  const { value, gradients, state } = run(golden, make, ['student1', 'student2'], ['teacher1', 'teacher2']);
  return { got: { value, grad_student1: gradients[0], grad_student2: gradients[1], center_after: state[0] } };
}

/** `paper/BarlowTwins` of golden/papers. */
export function paperBarlow(golden: GoldenCase): Outcome {
  const { lambda = 0.0051 } = optionsOf(golden, ['lambda']);
  const { value, gradients } = run(golden, () => barlowTwins({ lambda }), ['z1', 'z2']);
  return { got: { value, grad_z1: gradients[0], grad_z2: gradients[1] } };
}

/** `paper/VICReg` of golden/papers. */
export function paperVicreg(golden: GoldenCase): Outcome {
  const { eps: epsilon = 1e-4, ...others } = optionsOf(golden, ['lambda', 'mu', 'nu', 'gamma', 'eps']);
  const { value, gradients } = run(golden, () => vicReg({ ...others, epsilon }), ['z1', 'z2']);
  return { got: { value, grad_z1: gradients[0], grad_z2: gradients[1] } };
}

const scalarOf = (golden: GoldenCase, key: string): number => numbersOf(golden.inputs[key])[0]!;

/** `paper/CLIP` of golden/papers. */
export function paperClip(golden: GoldenCase): Outcome {
  optionsOf(golden, []);
  const temperature = Math.exp(-scalarOf(golden, 'log_scale'));
  const { value, gradients, byVariables } = run(
    golden,
    () => clip({ temperature, leastTemperature: Math.min(temperature, 0.01) }),
    ['image', 'text'],
  );
  return { got: { value, grad_image: gradients[0], grad_text: gradients[1], grad_log_scale: byVariables[0] } };
}

/** `paper/SigLIP` of golden/papers. */
export function paperSiglip(golden: GoldenCase): Outcome {
  optionsOf(golden, []);
  const made = { temperature: Math.exp(-scalarOf(golden, 'log_scale')), bias: scalarOf(golden, 'bias') };
  const { value, gradients, byVariables } = run(golden, () => sigLip(made), ['image', 'text']);
  const [grad_log_scale, grad_bias] = byVariables;
  return { got: { value, grad_image: gradients[0], grad_text: gradients[1], grad_log_scale, grad_bias } };
}

// ---- PyTorch Metric Learning: embeddings, ref_embeddings

const VIEWS: [string, string] = ['embeddings', 'ref_embeddings'];

/** `loss/VICRegLoss` of golden/pml, whose invariance is divided by the width and whose variance term is halved. */
export function pytorchVicreg(golden: GoldenCase): Outcome {
  const options = optionsOf(golden, ['invariance_lambda', 'variance_mu', 'covariance_v', 'eps']);
  const { invariance_lambda: lambda = 25, variance_mu: mu = 25, covariance_v: nu = 1, eps: epsilon = 1e-4 } = options;
  const d = inputOf(golden, 'embeddings').shape[1]!;
  const { value, gradients } = run(golden, () => vicReg({ lambda: lambda / d, mu: mu / 2, nu, epsilon }), VIEWS);
  return {
    got: { value, grad_embeddings: gradients[0], grad_ref_embeddings: gradients[1] },
    left: { elements: 'the loss is one number for a batch' },
  };
}

/** `loss/SelfSupervisedLoss` of golden/pml. */
export function pytorchSelfSupervised(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['loss', 'loss_options', 'symmetric']);
  const {
    loss: name,
    loss_options: options = {},
    symmetric = true,
  } = golden.options as { loss: string; loss_options?: Record<string, unknown>; symmetric?: boolean };
  const maker = pytorchMaker(name, options);
  if (!maker) throw new NotCovered(`${golden.unit} around ${name}`);
  const { value, gradients } = run(golden, () => selfSupervised({ loss: maker.make(maker.usual), symmetric }), VIEWS);
  return { got: { value, grad_embeddings: gradients[0], grad_ref_embeddings: gradients[1] } };
}
