/** Class of an image: a text, a number, or null for none. */
export type Label = number | string | null;

/** Names of classes: by position for class ids, or by label. */
export type ClassNames = readonly string[] | Readonly<Record<string, string>>;

/** How a label is shown: its name, else itself. */
export function nameOfLabel(label: Label | undefined, classNames: ClassNames | undefined): string {
  if (label === null || label === undefined) return 'no label';
  // Of a list only its places are names: it has a length of its own too.
  const names = Array.isArray(classNames) ? { ...(classNames as readonly string[]) } : classNames;
  return names && Object.hasOwn(names, label) ? String((names as Record<string, string>)[label]) : String(label);
}
