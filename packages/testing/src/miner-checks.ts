import type { Miner } from '@simile/core';
import type { BackendName } from '@simile/core/backend';
import { dispose, ones, tensor1d, type Tensor, type Tensor2D } from '@simile/core/ops';
import type { Rows } from './batches.ts';
import { CheckFailure, type Check } from './check.ts';
import { describeOptions } from './describe-options.ts';
import { minerProperties } from './miner-properties.ts';
import { onBackend, testBackends, type TestBackend } from './on-backend.ts';
import { refusalChecks, type BadCall } from './refusal-checks.ts';
import { relationOf, type RelationKind, type Same } from './relations.ts';
import { runMiner, textOf, type Mined } from './run-miner.ts';

/** What a miner chooses from. */
export interface MinerOracleInput {
  /** `[n][m]`, as float32 has them. */
  readonly distances: Rows;
  /** Whether row `i` and column `j` are a positive pair (true), a negative one (false) or none (undefined). */
  readonly same: Same;
}

/** Distances of a batch, and what must be kept of them. */
export interface WorkedMiner<Options> {
  readonly options?: Options;
  readonly labels: readonly number[];
  readonly distances: Rows;
  readonly mined: Mined;
}

/** The same, recorded from another implementation. */
export interface GoldenMiner<Options> extends WorkedMiner<Options> {
  readonly name: string;
}

/** What {@link minerChecks} needs to know of a miner. */
export interface MinerTest<Options> {
  /**
   * What it keeps, by plain loops, sharing no code with it. For a miner that draws at random leave it out, and say in `holds` what each
   * draw keeps to.
   */
  readonly oracle?: (input: MinerOracleInput, options: Options) => Mined;
  /** What is wrong with what was kept, or undefined. */
  readonly holds?: (mined: Mined, input: MinerOracleInput, options: Options) => string | undefined;
  /** At least one case small enough to work out on paper. */
  readonly worked: readonly WorkedMiner<Options>[];
  /** Options to make the miner with; what does not come from a case runs for each. Default one, `{}`. */
  readonly options?: readonly Options[];
  readonly golden?: readonly GoldenMiner<Options>[];
  /** Distance of two rows, from which the batches of the suite get theirs. Default Euclidean. */
  readonly distance?: (a: readonly number[], b: readonly number[]) => number;
  /** Forms of labels that it takes. Default all. */
  readonly relations?: readonly RelationKind[];
  /** It takes a batch that is compared with a reference. Default true. */
  readonly reference?: boolean;
  /** Backends. Default cpu and wasm in Node, all four in a page; those that do not work are skipped and say so. */
  readonly backends?: readonly BackendName[];
}

/**
 * The checks that every miner of Simile passes: a case on paper, an oracle (or a property) on ordinary, reference and degenerate
 * batches, every form of labels, recorded results, nothing kept that the labels do not allow, the same from the same seed,
 * indifference to the order of rows, nothing on the gradient's tape, no leaked tensor, errors with codes.
 *
 * @param make The miner's factory.
 * @example
 * const worked = [{ labels: [0, 0, 1], distances: [[0, 2, 3], [2, 0, 1], [3, 1, 0]], mined: { triplets: [[0, 1, 2], [1, 0, 2]] } }];
 * for (const { name, backend, run } of minerChecks(batchHard, { oracle, worked })) console.log(backend, name, (await run()).outcome);
 */
export function minerChecks<Options extends object>(
  make: (options: Options) => Miner,
  test: MinerTest<Options>,
): Check[] {
  const { worked, golden = [], options = [{} as Options], reference = true } = test;
  const usual = options[0]!;
  return testBackends(test.backends).flatMap((backend) => [
    ...worked.map((sample, i) =>
      onBackend(`keeps what paper says, case ${i + 1}`, backend, () => agreesWithRecord(make, usual, sample)),
    ),
    ...golden.map((sample) =>
      onBackend(`keeps what was recorded of ${sample.name}`, backend, () => agreesWithRecord(make, usual, sample)),
    ),
    ...options.flatMap((each) => {
      const suffix = describeOptions(each);
      return minerProperties(make, test, each).map(([name, body]) => onBackend(`${name}${suffix}`, backend, body));
    }),
    ...errorChecks(make(usual), backend, reference),
  ]);
}

async function agreesWithRecord<Options>(
  make: (options: Options) => Miner,
  usual: Options,
  { options = usual, labels, distances, mined }: WorkedMiner<Options>,
): Promise<void> {
  const relation = relationOf({ name: 'recorded', labels, rows: distances }, 'class-ids');
  const got = textOf((await runMiner(make(options), distances, relation)).mined);
  const wanted = textOf(mined);
  if (got !== wanted) throw new CheckFailure(`it kept ${got} in place of ${wanted}`);
}

/** Bad input of a miner. */
function errorChecks(miner: Miner, backend: TestBackend, reference: boolean): Check[] {
  const call = ([labels, distances, others]: Tensor[]): void => {
    const kept = others ? miner(labels!, distances as Tensor2D, others) : miner(labels!, distances as Tensor2D);
    if (kept.kind === 'pairs') dispose([kept.positive, kept.negative]);
  };
  const labels = (n: number): Tensor => tensor1d(new Int32Array(n), 'int32');
  const calls: BadCall[] = [
    { name: 'distances that are no matrix', code: 'ERR_SHAPE', inputs: () => [labels(3), ones([3])], call },
    {
      name: 'distances to other rows without their labels',
      code: 'ERR_SHAPE',
      inputs: () => [labels(3), ones([3, 4])],
      call,
    },
    { name: 'fewer labels than rows', code: 'ERR_SHAPE', inputs: () => [labels(2), ones([3, 3])], call },
    { name: 'distances of whole numbers', code: 'ERR_DTYPE', inputs: () => [labels(3), ones([3, 3], 'int32')], call },
  ];
  const withReference: BadCall = {
    name: 'a reference with other labels than columns',
    code: 'ERR_SHAPE',
    inputs: () => [labels(3), ones([3, 4]), labels(3)],
    call,
  };
  return refusalChecks(reference ? [...calls, withReference] : calls, backend);
}
