/** A check and where it runs. */
export interface CheckName {
  readonly name: string;
  readonly backend: string;
}

/** What came of a check. */
export interface CheckOutcome {
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
  readonly milliseconds: number;
  /** How near numbers came, where there were any; `furthest` is null where it is no finite number. */
  readonly comparison?: { readonly count: number; readonly furthest: number | null; readonly allowed: number };
}

/** What `programs/run-checks.ts` says, in the order of time. `at` is the place of a check in the list. */
export type CheckMessage =
  | { readonly kind: 'checks'; readonly checks: readonly CheckName[] }
  | { readonly kind: 'begin'; readonly at: number }
  | ({ readonly kind: 'result'; readonly at: number } & CheckOutcome);

/**
 * A message from a line that the program in the sandbox printed; undefined for a line that the judged loss printed itself.
 *
 * @param mark Text that the messages of this run begin with. A loss that prints it fools nobody but its author.
 */
export function readMessage(line: string, mark: string): CheckMessage | undefined {
  if (!line.startsWith(mark)) return undefined;
  try {
    const message = JSON.parse(line.slice(mark.length)) as CheckMessage;
    return ['checks', 'begin', 'result'].includes(message.kind) ? message : undefined;
  } catch {
    return undefined;
  }
}
