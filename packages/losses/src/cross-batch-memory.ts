import { classIds, defineLoss, pairMasks, pairMatrix, pointers, stopGradient, type Loss } from '@simile/core';
import { checkInteger, checkNames, checkOneOf, SimileError } from '@simile/core/errors';
import { mul, range, sub, transpose, type Tensor1D, type Tensor2D } from '@simile/core/ops';
import { rowMemory } from './row-memory.ts';

const id = 'cross-batch-memory';

/** Options of {@link crossBatchMemory}. */
export interface CrossBatchMemoryOptions {
  /** The loss that compares a batch with the memory: any over pairs or triplets that takes a reference. */
  loss: Loss;
  /** Rows to remember, the batch among them; a whole number, at least as many as a batch has. */
  memorySize: number;
  /** Batches at the start that are compared with themselves and not remembered. Default 0. */
  warmupSteps?: number;
  /**
   * Let the gradient also flow into the batch's rows where they are compared with, as TensorFlow Similarity does. Default false: all
   * that is compared with is constant, as in the paper.
   */
  throughBatch?: boolean;
}

/**
 * Cross-batch memory around a loss: a batch is compared with itself and with the embeddings of the batches before it.
 *
 * $$ L_t = \ell\bigl(X_t,\; [X_t; X_{t-1}; X_{t-2}; \dots]_{1 \dots M}\bigr) $$
 *
 * M is `memorySize`. The batch enters the memory first and the oldest rows leave it. A row is no pair of its own copy. Remembered rows are
 * constants; they are what the model made of them when they came, so let it settle first: `warmupSteps`.
 *
 * | tensor     | shape    | dtype   | unit                                |
 * | ---------- | -------- | ------- | ----------------------------------- |
 * | labels     | `[n]`    | any     | class id                            |
 * | embeddings | `[n, d]` | float32 | that of `loss`; n ≤ `memorySize`    |
 * | result     | `[]`     | float32 | that of `loss`                      |
 *
 * The loss has state: every call remembers its batch, so keep one for training and call another for validation. A model saves the
 * memory, and `compile` of the loaded one gives it back. `dispose` frees the memory and what `loss` owns. Cost: that of `loss` for n × `memorySize` pairs, and `memorySize` · (d + 1) numbers kept.
 *
 * @throws `ERR_OPTION` for an option out of its range; the loss throws `ERR_OPTION` for a reference, `ERR_SHAPE` for a batch larger
 *   than the memory, of another width, or labelled otherwise than by class ids, and what `loss` throws.
 * @see Wang, Zhang, Huang & Scott, “Cross-Batch Memory for Embedding Learning”, CVPR 2020: https://arxiv.org/abs/1912.06798
 * @example
 * const loss = crossBatchMemory({ loss: contrastive({ power: 1 }), memorySize: 3 });
 * loss(tensor1d([0]), tensor2d([[0]])); // nothing to compare with: 0
 * loss(tensor1d([0]), tensor2d([[2]])); // 2 from the row before, of its class: 2
 */
export function crossBatchMemory(options: CrossBatchMemoryOptions): Loss {
  const { loss, memorySize, warmupSteps = 0, throughBatch = false } = options;
  checkNames(id, options, ['loss', 'memorySize', 'warmupSteps', 'throughBatch']);
  checkLoss(loss);
  checkInteger(id, { memorySize }, 1);
  checkInteger(id, { warmupSteps }, 0);
  checkOneOf(id, { throughBatch }, [true, false]);
  const memory = rowMemory(memorySize);
  const state = [...(loss.state ?? [])];

  return defineLoss(
    id,
    { loss: loss.name, memorySize, warmupSteps, throughBatch },
    (labels, embeddings, reference) => {
      const ids = classIds(id, labels, embeddings.shape[0]);
      checkCall(embeddings, reference, memory.dimension(), memorySize);
      const compared = memory.behind({
        labels: ids,
        embeddings: throughBatch ? embeddings : stopGradient(embeddings),
      });
      const pairs = otherRows(ids, compared.labels); // [n, m]
      const value = loss(pairMatrix(pairs), embeddings, {
        labels: pairMatrix(transpose(pairs)),
        embeddings: compared.embeddings,
      });
      memory.remember(compared, warmupSteps);
      return value;
    },
    {
      ...(loss.distance && { distance: loss.distance }),
      ...(loss.variables && { variables: loss.variables }),
      state,
      prepare: (network) => {
        loss.prepare?.(network);
        checkPrepared(network.dimension, memory.dimension());
        state.splice(0, Infinity, ...(loss.state ?? []), ...memory.prepare(network.dimension));
      },
      ...(loss.slower && { slower: loss.slower }),
      dispose: () => {
        memory.forget();
        loss.dispose?.();
      },
    },
  );
}

/** 1 for rows of a class, 0 for others, −1 for a row and its own copy: `[n], [m] → [n, m]`. */
function otherRows(ids: Tensor1D, labels: Tensor1D): Tensor2D {
  const [n, m] = [ids.shape[0], labels.shape[0]];
  const own = pointers(range(0, n, 1, 'int32'), m); // a row and its copy are of a class: 1 − 2 is −1
  return sub(pairMasks(ids, n, { labels, rows: m }).positive, mul(own, 2));
}

function checkLoss(loss: unknown): void {
  if (typeof loss === 'function') return;
  throw new SimileError({
    where: id,
    rule: 'loss must be a loss, such as multiSimilarity()',
    got: loss,
    remedy: 'Pass the loss to compare the batch and the memory with.',
    code: 'ERR_OPTION',
  });
}

function checkCall(
  { shape: [n, width] }: Tensor2D,
  reference: unknown,
  dimension: number | undefined,
  memorySize: number,
): void {
  if (reference) {
    throw new SimileError({
      where: id,
      rule: 'rows are compared with the memory, not with a reference',
      remedy: 'Leave the reference out, or use the loss within.',
      code: 'ERR_OPTION',
    });
  }
  if (n > memorySize) {
    throw new SimileError({
      where: id,
      rule: `a batch must not have more rows than the memory, ${memorySize}`,
      got: n,
      remedy: 'Make memorySize several times that of a batch.',
      code: 'ERR_SHAPE',
    });
  }
  checkPrepared(width, dimension);
}

function checkPrepared(width: number, dimension: number | undefined): void {
  if (dimension === undefined || dimension === width) return;
  throw new SimileError({
    where: id,
    rule: `embeddings must be as wide as those remembered, ${dimension}`,
    got: width,
    remedy: 'Make one loss a model.',
    code: 'ERR_SHAPE',
  });
}
