import { groups } from '../../examples/index.ts';

/** A program of `apps/docs/examples`. */
export interface Example {
  /** `01-twenty-lines`. */
  readonly name: string;
  readonly title: string;
  /** What one sees. */
  readonly about: string;
  readonly code: string;
}

const sources = import.meta.glob<string>('../../examples/[0-9]*.ts', { query: '?raw', import: 'default', eager: true });

/** All examples, in the groups of the tree. */
export const exampleGroups: readonly { readonly title: string; readonly examples: readonly Example[] }[] = groups.map(
  ({ title, examples: listed }) => ({
    title,
    examples: listed.map(({ file, ...said }) => ({
      name: file.replace(/\.ts$/, ''),
      code: sources[`../../examples/${file}`]!,
      ...said,
    })),
  }),
);

/** All examples in their order. */
export const examples: readonly Example[] = exampleGroups.flatMap((group) => group.examples);
