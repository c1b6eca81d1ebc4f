import { fromLink } from '../share/index.ts';
import { examples, type Example } from './examples.ts';

/** What the address of the page asks the playground to show. */
export interface Asked {
  readonly example?: Example | undefined;
  /** A program that somebody sent as a link. */
  readonly code?: string;
  readonly backend?: string;
  /** Why a link cannot be read. */
  readonly problem?: string;
}

/** Reads `?example=07-proxy-anchor` and links to programs. Nothing of a link is run. */
export function askedByAddress({ search, hash }: Pick<Location, 'search' | 'hash'>): Asked {
  const named = (name: unknown): Example | undefined => examples.find((example) => example.name === name);
  const example = named(new URLSearchParams(search).get('example'));
  try {
    const shared = fromLink(hash);
    if (shared?.page !== 'playground') return { example };
    const { backend, example: began } = shared.options;
    const code = shared.files[shared.entry]!;
    return { example: named(began), code, ...(typeof backend === 'string' && { backend }) };
  } catch (error) {
    return { example, problem: (error as Error).message };
  }
}
