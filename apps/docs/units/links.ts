import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './sources.ts';
import { allUnits, linkTo, type Unit } from './units.ts';

/** Where sources are read. */
const repository = 'https://github.com/simile-js/simile';

/** Address of a source file, at a line. */
export function sourceLink(file: string, line?: number): string {
  return `${repository}/blob/main/${file}${line === undefined ? '' : `#L${line}`}`;
}

/** A link to a unit's page, with its name. */
export function unitLink(unit: Unit): string {
  return `[\`${unit.name}\`](${linkTo(unit)})`;
}

/**
 * Text of a doc comment as Markdown of the site: links to units, types and error codes; nothing that a page would take for a tag or a
 * value to fill in.
 */
export function prose(text: string, from: Unit): string {
  return text
    .split(/(\{@link [^}]+\}|`[^`\n]+`|\$\$[\s\S]+?\$\$|\$[^$\n]+\$)/)
    .map((part, at) => (at % 2 === 0 ? escaped(part) : linked(part, from)))
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('{{', '&#123;{');
}

function linked(part: string, from: Unit): string {
  if (part.startsWith('$')) return part;
  const isLink = part.startsWith('{@link ');
  const name = isLink ? part.slice('{@link '.length, -1).trim() : part.slice(1, -1);
  const code = `\`${name}\``;
  if (/^ERR_[A-Z]+$/.test(name)) return errorCodes().has(name) ? `[${code}](/errors#${name})` : code;
  // A plain word may be an option of that name.
  const bare = name.replace(/\(\)$/, '');
  if (!isLink && bare === name && !/^[a-z]+(?:[A-Z0-9]|\d[a-z])/.test(name)) return code;
  const target = targetOf(bare, from);
  if (target) return target === from ? code : `[${code}](${linkTo(target)})`;
  const owner = isLink && /^[A-Z]\w*Options$/.test(name) ? targetOf(firstLower(name.slice(0, -7)), from) : undefined;
  return owner ? `[${code}](${linkTo(owner)}#options)` : code;
}

function firstLower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** The unit of that name, one of the same kind before others. */
function targetOf(name: string, from: Unit): Unit | undefined {
  const found = allUnits().filter((unit) => unit.name === name);
  return found.find(({ kind }) => kind === from.kind) ?? found[0];
}

let codes: ReadonlySet<string> | undefined;

/** Codes that the page of errors has a section for. */
export function errorCodes(): ReadonlySet<string> {
  codes ??= new Set(readFileSync(join(root, 'docs/errors.md'), 'utf8').match(/(?<=^## )ERR_[A-Z]+$/gm));
  return codes;
}
