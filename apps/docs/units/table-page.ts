import type { Facts } from './facts.ts';
import { keyOf } from './facts.ts';
import { kinds, type Kind } from './kinds.ts';
import { prose, unitLink } from './links.ts';
import { kilobytes } from './unit-page.ts';
import { allUnits, type Unit } from './units.ts';

/** Groups of a kind's units, in order. */
export function groupsOf(kind: Kind): { title: string; units: readonly Unit[] }[] {
  const units = allUnits().filter((unit) => unit.kind === kind);
  const titles = [...new Set(units.map(({ group }) => group))];
  return titles.map((title) => ({ title, units: units.filter(({ group }) => group === title) }));
}

/** The page of a kind: its units in a table a group. */
export function tablePage(kind: Kind, facts: Facts): string {
  const groups = groupsOf(kind).map(({ title, units }) => {
    const rows = units.map((unit) => {
      const size = facts.sizes[keyOf(unit)];
      const [sentence = ''] = unit.docs.lead.split(/(?<=\.)\s+(?=[A-Z])/);
      return `| ${unitLink(unit)} | ${prose(sentence, unit).replaceAll('|', '\\|')} | ${size === undefined ? '' : kilobytes(size)} |`;
    });
    const table = ['| name | what it is | size |', '| --- | --- | ---: |', ...rows].join('\n');
    return title === kind.title ? table : `## ${title}\n\n${table}`;
  });
  return `---
title: ${kind.title}
description: ${JSON.stringify(kind.sentence)}
---

# ${kind.title}

${kind.sentence} They are in [\`@simile/${kind.package}\`](/packages/${kind.package}).

${groups.join('\n\n')}

Sizes are minified and compressed by Brotli, for that one alone, without TensorFlow.js.
`;
}

/** The page of all units: every kind, with its names. */
export function unitsPage(): string {
  const parts = kinds.map((kind) => {
    const groups = groupsOf(kind).map(({ title, units }) => {
      const names = units.map(unitLink).join(' · ');
      return title === kind.title ? names : `**${title}**: ${names}`;
    });
    return `## [${kind.title}](/${kind.id}/)\n\n${kind.sentence}\n\n${groups.join('\n\n')}`;
  });
  return `---
title: Units
description: Every loss, distance, miner, sampler, layer, metric, engine, plot and augmenter, each with a page.
---

# Units

Each has a page, put together from its docs in the code: formula, options with unit and default, shapes, cost, source, an example that was run, and what
each backend does with it. Types and all other names are in the [API reference](/api/).

${parts.join('\n\n')}
`;
}
