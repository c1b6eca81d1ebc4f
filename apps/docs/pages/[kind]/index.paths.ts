import { readFacts } from '../../units/facts.ts';
import { kinds } from '../../units/kinds.ts';
import { tablePage } from '../../units/table-page.ts';

interface Path {
  readonly params: { readonly kind: string };
  readonly content: string;
}

export default {
  async paths(): Promise<Path[]> {
    const facts = await readFacts();
    return kinds.map((kind) => ({ params: { kind: kind.id }, content: tablePage(kind, facts) }));
  },
};
