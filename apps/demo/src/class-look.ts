import type { Label } from '@simile/index';

/** The name under which the style sheet has the colour of a class: its digit, or `taught`. */
export function styleOf(label: Label): string {
  return typeof label === 'number' ? String(label) : 'taught';
}

/** One character for a class: its digit, or the first of its name. */
export function glyphOf(label: Label): string {
  return typeof label === 'number' ? String(label) : ([...label.trim()][0] ?? '?').toUpperCase();
}

/** The colour of a class as the page shows it now, light or dark. */
export function colorOf(label: Label): string {
  return getComputedStyle(document.documentElement)
    .getPropertyValue(`--class-${styleOf(label)}`)
    .trim();
}
