import type { SearchEffort } from '../contract.ts';
import { defaultProbes } from './ivf-options.ts';

/** How many lists a search looks at: as was asked for, or by their number. */
export class ProbesEffort implements SearchEffort {
  readonly name = 'probes';
  readonly least = 1;
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
