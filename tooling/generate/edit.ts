// Edits to files that a new unit must be entered in.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** New texts by path from the root; nothing is written until all of them are known. */
export type Edits = Map<string, string>;

export function writeEdits(root: string, edits: Edits): void {
  for (const [file, text] of edits) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

/** A file that must not be there yet. */
export function create(root: string, edits: Edits, file: string, text: string): void {
  if (existsSync(join(root, file))) throw new Error(`${file} exists already`);
  edits.set(file, text);
}

/** Changes a file that must be there; the change must change something. */
export function edit(root: string, edits: Edits, file: string, change: (text: string) => string): void {
  const before = edits.get(file) ?? readFileSync(join(root, file), 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${file}: found no place for the new entry`);
  edits.set(file, after);
}

/** Adds a line to a list of lines of one kind and sorts them; the rest of the text stays. */
export function addSorted(text: string, kind: RegExp, line: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((candidate) => kind.test(candidate));
  if (at < 0) return text;
  let end = at;
  while (end < lines.length && kind.test(lines[end]!)) end++;
  const block = [...lines.slice(at, end), line].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return [...lines.slice(0, at), ...block, ...lines.slice(end)].join('\n');
}

/** Exports sort by the file they come from, everything else by itself. */
function keyOf(line: string): string {
  return /from '([^']+)'/.exec(line)?.[1] ?? line;
}
