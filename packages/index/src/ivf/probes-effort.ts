import type { SearchEffort } from '../contract.ts';
import { defaultProbes } from './ivf-options.ts';

/** How many lists a search looks at: as was asked for, or by their number. */
export class ProbesEffort implements SearchEffort {
  readonly name = 'probes';
  readonly least = 1;
  /**
   * Partitions know nothing of the rows that made them, so a record need not go as far as in a graph. Recall with 24, 32, 48 probes:
   * .927, .948, .967 for .921, .945, .968 with words kept out of 20,000 (GloVe); with 8, 12, 16: .958, .979, .988 for .955, .980, .989
   * with images kept out of 6,000 (MNIST).
   */
  readonly sampleStep = 0.8;
  /** Undefined to go by the number of partitions. */
  wanted: number | undefined;
  readonly #partitions: () => number;

  constructor(partitions: () => number, wanted: number | undefined) {
    this.#partitions = partitions;
    this.wanted = wanted;
  }

  get most(): number {
    return this.#partitions();
  }

  get value(): number {
    return Math.min(this.most, this.wanted ?? defaultProbes(this.most));
  }

  set value(probes: number) {
    this.wanted = probes;
  }
}
