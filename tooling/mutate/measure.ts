import { readFileSync } from 'node:fs';
import { mutantsOf, type Mutant } from './mutations.ts';
import { runTests, type Subject } from './tester.ts';

/** What the tests of a unit are worth. */
export interface Measured {
  /** Mutants that the unit has. */
  readonly possible: number;
  /** Mutants that were run. */
  readonly run: number;
  readonly killed: number;
  /** Of those killed, the ones that hung. */
  readonly timedOut: number;
  /** killed / run; 1 where there is nothing to mutate. */
  readonly killRate: number;
  readonly survivors: readonly Omit<Mutant, 'text'>[];
}

export interface MeasureOptions {
  /** Runs at most so many mutants, drawn at random. */
  readonly most?: number;
  /** Which ones. Default 1. */
  readonly seed?: number;
  /** What was measured of the same source before: only what survived is run again, since tests that are added kill no fewer. */
  readonly before?: Measured;
  readonly onMutant?: (mutant: Mutant, killed: boolean) => void;
}

/**
 * Runs the tests of a unit against its mutants, two at a time. Throws when they are red to begin with, or green for a unit that throws when
 * it is loaded: nothing follows from the rest then.
 */
export async function measure(subject: Subject, options: MeasureOptions = {}): Promise<Measured> {
  const { most = Infinity, seed = 1, before, onMutant = () => {} } = options;
  const source = readFileSync(subject.unit, 'utf8');
  const all = mutantsOf(subject.unit, source);
  const taken = drawSome(all, most, seed);
  const left = new Set(before?.survivors.map((mutant) => nameOf(mutant)));
  const drawn = before ? taken.filter((mutant) => left.has(nameOf(mutant))) : taken;
  const started = performance.now();
  if ((await runTests(subject, undefined, 300_000)) !== 'passed')
    throw new Error(`${subject.test} fails without any change`);
  const patience = 30_000 + 5 * (performance.now() - started);
  if ((await runTests(subject, source, 300_000)) !== 'passed') throw new Error(`${subject.test} fails on a copy`);
  const control = `${source}\nthrow new Error('control');\n`;
  if ((await runTests(subject, control, patience)) === 'passed')
    throw new Error(`${subject.test} does not load ${subject.unit}`);
  const survivors: Omit<Mutant, 'text'>[] = [];
  let timedOut = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < drawn.length) {
      const mutant = drawn[next++]!;
      const { text, ...place } = mutant;
      const verdict = await runTests(subject, text, patience);
      if (verdict === 'passed') survivors.push(place);
      if (verdict === 'timed-out') timedOut++;
      onMutant(mutant, verdict !== 'passed');
    }
  };
  await Promise.all([work(), work()]);
  survivors.sort((a, b) => a.line - b.line || a.column - b.column);
  const killed = taken.length - survivors.length;
  const killRate = taken.length > 0 ? killed / taken.length : 1;
  return { possible: all.length, run: taken.length, killed, timedOut, killRate, survivors };
}

function nameOf({ line, column, after }: Omit<Mutant, 'text'>): string {
  return `${line}:${column} ${after}`;
}

/** So many of a list, the same for a seed, in their order (selection sampling; Knuth, volume 2, algorithm S). */
function drawSome<T>(list: readonly T[], most: number, seed: number): T[] {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return ((word ^ (word >>> 15)) >>> 0) / 2 ** 32;
  };
  let wanted = Math.min(most, list.length);
  return list.filter((_, i) => {
    const take = (list.length - i) * uniform() < wanted;
    if (take) wanted--;
    return take;
  });
}
