import { readFacts } from '../../units/facts.ts';
import { unitPage } from '../../units/unit-page.ts';
import { allUnits } from '../../units/units.ts';

interface Path {
  readonly params: { readonly kind: string; readonly unit: string };
  readonly content: string;
}

export default {
  async paths(): Promise<Path[]> {
    const facts = await readFacts();
    return allUnits().map((unit) => ({
      params: { kind: unit.kind.id, unit: unit.id },
      content: unitPage(unit, facts),
    }));
  },
};
