import { ready, setBackend } from '@tensorflow/tfjs-core';
import { cases } from './cases.ts';
import { classify, type Standing } from './classify.ts';
import { runCase, type Outcome } from './run-case.ts';

/** Standing of each case by backend, in the order of the cases. */
export type Standings = Readonly<Record<string, readonly Standing[]>>;

/** Runs every case on cpu, then on each backend, and compares. The backends must be registered. */
export async function standingsOn(backends: readonly string[]): Promise<Standings> {
  const reference = await runAll('cpu');
  const standings: Record<string, Standing[]> = {};
  for (const backend of backends) {
    const outcomes = await runAll(backend);
    standings[backend] = outcomes.map((outcome, i) => classify(outcome, reference[i]!));
  }
  return standings;
}

async function runAll(backend: string): Promise<Outcome[]> {
  if (!(await setBackend(backend))) throw new Error(`${backend} did not start`);
  await ready();
  const outcomes: Outcome[] = [];
  for (const operation of cases) outcomes.push(await runCase(operation));
  return outcomes;
}
