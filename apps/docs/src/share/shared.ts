/** What a link holds. */
export interface Shared {
  /** Page that it is for. */
  readonly page: 'playground' | 'judge';
  /** TypeScript by file name, at least one. */
  readonly files: Readonly<Record<string, string>>;
  /** Name of the file to run. */
  readonly entry: string;
  /** Choices beside the code: backend, example that it began as. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** Files and options of a link at most. */
const MOST = 50;

/**
 * What came with a link, once it is known to be what {@link Shared} says and nothing else.
 *
 * @throws an `Error` that says what is wrong.
 */
export function checkShared(value: unknown): Shared {
  const { page, files, entry, options = {} } = recordOf(value, 'a program');
  if (page !== 'playground' && page !== 'judge') throw new Error(`no page is called ${String(page)}`);
  const names = Object.entries(recordOf(files, 'the files'));
  if (names.length === 0 || names.length > MOST)
    throw new Error(`there must be 1 to ${MOST} files, not ${names.length}`);
  for (const [name, text] of names) {
    if (!/^[a-z0-9][\w-]*(\.[\w-]+)+$/i.test(name) || name.length > 100) throw new Error(`no file is called ${name}`);
    if (typeof text !== 'string') throw new Error(`${name} must be text`);
  }
  if (typeof entry !== 'string' || !names.some(([name]) => name === entry)) throw new Error('the entry must be a file');
  const chosen = Object.entries(recordOf(options, 'the options'));
  if (chosen.length > MOST) throw new Error(`there must be at most ${MOST} options`);
  for (const [name, choice] of chosen) {
    if (!/^[a-z][a-zA-Z-]*$/.test(name)) throw new Error(`no option is called ${name}`);
    if (!['string', 'number', 'boolean'].includes(typeof choice)) throw new Error(`${name} must be a plain value`);
  }
  return {
    page,
    files: Object.fromEntries(names) as Shared['files'],
    entry,
    options: Object.fromEntries(chosen) as Shared['options'],
  };
}

function recordOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${what} must be an object`);
}
