import type { DataTest, Json, RecordData } from '../contract.ts';

interface Bounds {
  readonly above?: number | string;
  readonly least?: number | string;
  readonly most?: number | string;
  readonly below?: number | string;
}

/** Whether the members of a record's data are what a filter's `where` says. False for data that is no object. */
export function dataPasses(data: RecordData | undefined, tests: readonly (readonly [string, DataTest])[]): boolean {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  return tests.every(([name, test]) => {
    const value = Object.hasOwn(data, name) ? (data as Record<string, Json>)[name] : undefined;
    if (Array.isArray(test)) return test.includes(value);
    if (typeof test === 'object' && test !== null) return within(value, test as Bounds);
    return value === test;
  });
}

/** Numbers are compared with numbers and texts with texts; nothing else is within bounds. */
function within(value: Json | undefined, { above, least, most, below }: Bounds): boolean {
  const holds = (bound: number | string | undefined, test: (value: never, bound: never) => boolean): boolean =>
    bound === undefined || (typeof bound === typeof value && test(value as never, bound as never));
  return (
    (typeof value === 'number' || typeof value === 'string') &&
    holds(above, (x: number, y: number) => x > y) &&
    holds(least, (x: number, y: number) => x >= y) &&
    holds(most, (x: number, y: number) => x <= y) &&
    holds(below, (x: number, y: number) => x < y)
  );
}
