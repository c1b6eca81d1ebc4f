/** A program of `apps/docs/examples`. */
export interface Example {
  /** `01-twenty-lines`. */
  readonly name: string;
  /** Its first line. */
  readonly title: string;
  /** What one sees, its second line. */
  readonly about: string;
  readonly code: string;
}

const sources = import.meta.glob<string>('../../examples/[0-9]*.ts', { query: '?raw', import: 'default', eager: true });

/** All examples in their order. */
export const examples: readonly Example[] = Object.entries(sources)
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([path, code]) => {
    const [title = '', about = ''] = code.split('\n', 2).map((line) => line.replace(/^\/\/ /, ''));
    return { name: path.replace(/^.*\/(.*)\.ts$/, '$1'), title, about, code };
  });
