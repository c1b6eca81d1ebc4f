import { nameOfLabel, type ClassNames, type Label } from '../class-names.ts';
import type { DrawnMatch, DrawnNeighbor } from '../draw-neighbors.ts';
import { formatDistance } from '../scene/text.ts';

/** How a label compares with the query's: its class, another, or none. */
export type Mark = 'right' | 'wrong' | 'unknown';

/** What a card says, before it is drawn. */
export interface Card {
  readonly content: unknown;
  readonly label: string;
  readonly isQuery: boolean;
  readonly head: string;
  readonly foot: string;
  /** Undefined where there is nothing to compare. */
  readonly mark: Mark | undefined;
  readonly spoken: string;
}

/** The card of the query, with what it was recognised as. */
export function queryCard(
  content: unknown,
  label: Label,
  match: DrawnMatch | undefined,
  classNames: ClassNames | undefined,
): Card {
  const name = nameOfLabel(label, classNames);
  const card = { content, label: name, isQuery: true, head: 'Query' } as const;
  if (!match) return { ...card, foot: '', mark: undefined, spoken: `Query ${name}` };
  const mark = match.label === null ? 'unknown' : compare(match.label, label);
  const found = match.label === null ? 'unknown' : nameOfLabel(match.label, classNames);
  const judged = mark === 'right' || mark === 'wrong' ? `, ${mark}` : '';
  return { ...card, foot: `match: ${found}`, mark, spoken: `Query ${name}, matched: ${found}${judged}` };
}

/** The card of a neighbour, compared with the query's label. */
export function neighborCard(
  neighbor: DrawnNeighbor,
  place: number,
  label: Label,
  classNames: ClassNames | undefined,
): Card {
  const { rank = place + 1, distance, data } = neighbor;
  const name = nameOfLabel(neighbor.label, classNames);
  const mark = compare(neighbor.label, label);
  const far = formatDistance(distance);
  const judged = mark === 'right' || mark === 'wrong' ? `, ${mark}` : '';
  const spoken = `${rank}: ${name}, distance ${far}${judged}`;
  return { content: data, label: name, isQuery: false, head: String(rank), foot: far, mark, spoken };
}

function compare(label: Label, queryLabel: Label): Mark | undefined {
  if (queryLabel === null) return undefined;
  if (label === null) return 'unknown';
  return label === queryLabel ? 'right' : 'wrong';
}
