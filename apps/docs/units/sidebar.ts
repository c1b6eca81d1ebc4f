import type { DefaultTheme } from 'vitepress';
import { kinds, type Kind } from './kinds.ts';
import { groupsOf } from './table-page.ts';
import { linkTo } from './units.ts';

type Item = DefaultTheme.SidebarItem;

/** What stands at the side of the pages of each kind, by the folder of the pages. */
export function unitsSidebar(): Record<string, Item[]> {
  return Object.fromEntries(kinds.map((kind) => [`/${kind.id}/`, [...groupItems(kind), otherKinds(kind)]]));
}

function groupItems(kind: Kind): Item[] {
  return groupsOf(kind).map(({ title, units }, at) => ({
    text: title,
    ...(at === 0 && { link: `/${kind.id}/` }),
    items: units.map((unit) => ({ text: unit.name, link: linkTo(unit) })),
  }));
}

function otherKinds(kind: Kind): Item {
  const others = kinds.filter((one) => one !== kind).map(({ id, title }) => ({ text: title, link: `/${id}/` }));
  return { text: 'Other units', link: '/units', items: others, collapsed: true };
}
