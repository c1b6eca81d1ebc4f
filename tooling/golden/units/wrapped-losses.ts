// Losses around others, and those that stand beside others.
import { meanOfAll, meanOfValid, pairMatrix, type Loss, type Reducer } from '@simile/core';
import { tensor2d, transpose, valueAndGrad, valueAndGrads, type Tensor, type Tensor2D } from '@simile/core/ops';
import {
  instance,
  matryoshka,
  multipleLosses,
  multipleNegativesRanking,
  multiSimilarity,
  thresholdConsistentMargin,
} from '@simile/losses';
import { labelsOf, type GoldenCase } from '../golden-case.ts';
import { NotCovered, type Outcome } from '../runner.ts';
import { minerOf, onlyOptions, pytorchReducer, type PytorchPart } from './losses.ts';
import { elementsOf, pytorchMaker, ran, refuseRepeatedPairs } from './pair-losses.ts';
import { classesOf, matrixOf, numbers } from './tensor-inputs.ts';

/** `paper/Matryoshka` of golden/papers: around softmax cross entropy of one direction, query i with positive i. */
export function paperMatryoshka(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['dims', 'weights', 'temperature']);
  const { dims, weights, temperature } = golden.options as { dims: number[]; weights: number[]; temperature: number };
  const loss = matryoshka({ loss: multipleNegativesRanking({ scale: 1 / temperature }), dimensions: dims, weights });
  const inputs = ['query', 'positive'].map((key) => matrixOf(golden, key));
  const n = inputs[0]!.shape[0];
  const items = tensor2d(
    Float32Array.from({ length: n }, (_, i) => i),
    [n, 1],
  );
  const { value, grads } = valueAndGrads((query: Tensor, positive: Tensor) =>
    loss(items, query as Tensor2D, { labels: items, embeddings: positive as Tensor2D }),
  )(inputs);
  const [number, grad_query, grad_positive] = numbers(value, ...grads);
  for (const input of [...inputs, items]) input.dispose();
  return { got: { value: number![0]!, grad_query, grad_positive } };
}

/** `loss/ThresholdConsistentMarginLoss` of golden/pml, whose margins are cosines. */
export function pytorchThresholdConsistentMargin(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['lambda_plus', 'lambda_minus', 'margin_plus', 'margin_minus']);
  refuseRepeatedPairs(golden);
  const options = golden.options as Record<string, number>;
  const { lambda_plus = 1, lambda_minus = 1, margin_plus = 0.9, margin_minus = 0.5 } = options;
  const miner = minerOf(golden);
  const { value, gradients } = ran(
    golden,
    () =>
      thresholdConsistentMargin({
        positiveMargin: 1 - margin_plus,
        negativeMargin: 1 - margin_minus,
        positiveWeight: lambda_plus,
        negativeWeight: lambda_minus,
        ...(miner && { miner }),
      }),
    meanOfValid,
  );
  return {
    got: { value, grad_embeddings: gradients[0] },
    left: { elements: 'there is one, the value' },
  };
}

/** `loss/InstanceLoss` of golden/pml: the column that it takes for right, the rank of the label, as a pair matrix. */
export function pytorchInstance(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['gamma', 'reducer']);
  if (golden.inputs['ref_embeddings'] || golden.inputs['indices_tuple']) throw new NotCovered('a reference or a tuple');
  const { gamma = 64 } = golden.options as { gamma?: number };
  const labels = labelsOf(golden, 'labels');
  const n = labels.length;
  const ranks = [...new Set(labels)].sort((a, b) => a - b);
  const columns = new Float32Array(n * n);
  labels.forEach((label, i) => (columns[i * n + ranks.indexOf(label)] = 1));
  const named = tensor2d(columns, [n, n]);
  const back = transpose(named) as Tensor2D;
  const reduce = pytorchReducer(golden.options['reducer'] as PytorchPart | null | undefined, meanOfAll);
  let costs: Float32Array | undefined;
  const observed: Reducer = (each, valid) => {
    costs ??= Float32Array.from(each.dataSync());
    return reduce(each, valid);
  };
  const embeddings = matrixOf(golden, 'embeddings');
  const loss = instance({ scale: gamma, reduce: observed });
  const { value, grad } = valueAndGrad((x: Tensor) =>
    loss(pairMatrix(named), x as Tensor2D, { labels: pairMatrix(back), embeddings: x as Tensor2D }),
  )(embeddings);
  const [number, grad_embeddings] = numbers(value, grad);
  for (const used of [named, back, embeddings]) used.dispose();
  const recorded = elementsOf(golden, 'loss');
  return {
    got: { value: number![0]!, grad_embeddings, elements: { losses: [...costs!] } },
    ...(recorded ? { wanted: { elements: { losses: recorded.losses } } } : {}),
  };
}

/** `loss/MultipleLosses` of golden/pml. */
export function pytorchMultiple(golden: GoldenCase): Outcome {
  onlyOptions(golden, ['losses', 'weights', 'miners']);
  const {
    losses: names,
    weights,
    miners,
  } = golden.options as {
    losses: string[];
    weights: number[] | null;
    miners: (string | null)[] | null;
  };
  const losses = names.map((name, k): Loss => {
    const miner = miners?.[k] ?? null;
    if (miner === 'MultiSimilarityMiner' && name === 'MultiSimilarityLoss') {
      return multiSimilarity({ beta: 50, epsilon: 0.1, reduce: meanOfAll }); // which mines as theirs does
    }
    const maker = miner === null ? pytorchMaker(name, {}) : undefined;
    if (!maker) throw new NotCovered(`${golden.unit} with ${miner ?? name}`);
    return maker.make(maker.usual);
  });
  const loss = multipleLosses({ losses, ...(weights && { weights }) });
  const labels = classesOf(golden, 'labels');
  const embeddings = matrixOf(golden, 'embeddings');
  const { value, grad } = valueAndGrad((x: Tensor) => loss(labels, x as Tensor2D))(embeddings);
  const [number, grad_embeddings] = numbers(value, grad);
  for (const used of [labels, embeddings]) used.dispose();
  return { got: { value: number![0]!, grad_embeddings } };
}
