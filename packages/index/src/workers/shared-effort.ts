import type { SearchEffort, SearchEngine } from '../contract.ts';

/** The effort of several engines as one: setting it sets all; limits that all of them have. */
export function sharedEffort(engines: readonly SearchEngine[]): SearchEffort | undefined {
  const efforts = engines.flatMap(({ effort }) => effort ?? []);
  if (efforts.length < engines.length) return undefined;
  return {
    name: efforts[0]!.name,
    least: Math.max(...efforts.map(({ least }) => least)),
    most: Math.min(...efforts.map(({ most }) => most)),
    sampleStep: efforts[0]!.sampleStep,
    get value() {
      return efforts[0]!.value;
    },
    set value(value) {
      for (const effort of efforts) effort.value = value;
    },
  };
}
