// Pages that the site shares with the repository: one source, two readers. Links between files become links between pages.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join, posix, relative } from 'node:path';

const root = join(import.meta.dirname, '../../../..');
const pages = join(import.meta.dirname, '../../pages');

/** Files of `docs/` that are guides under their own name. `errors` is a page of the first level, `backends` has a guide around it. */
export const documents: readonly string[] = names('docs').filter((name) => name !== 'errors' && name !== 'backends');
export const decisions: readonly string[] = names('docs/decisions');
export const packages: readonly string[] = readdirSync(join(root, 'packages')).sort();

function names(folder: string): string[] {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'));
  return files.map((name) => basename(name, '.md')).sort();
}

/** Last part of a package's address. `index` would be the page of the folder. */
export function slugOf(name: string): string {
  return name === 'index' ? 'vector-index' : name;
}

/** Address on the site by path in the repository. */
const places: ReadonlyMap<string, string> = new Map([
  ['README.md', '/'],
  ['CONTRIBUTING.md', '/contributing'],
  ['docs/errors.md', '/errors'],
  ['docs/backends.md', '/guides/backends'],
  ['docs/decisions', '/decisions/'],
  ['examples/plugin-softmax-ratio', '/guides/writing-a-plugin'],
  ...documents.map((name): [string, string] => [`docs/${name}.md`, `/guides/${name}`]),
  ...decisions.map((name): [string, string] => [`docs/decisions/${name}.md`, `/decisions/${name}`]),
  ...packages.flatMap((name): [string, string][] => [
    [`packages/${name}`, `/packages/${slugOf(name)}`],
    [`packages/${name}/README.md`, `/packages/${slugOf(name)}`],
  ]),
]);

/**
 * A Markdown file of the repository as a page.
 *
 * @param source Its path in the repository.
 * @param folder Folder below `pages/` that the page lies in; pictures are found from there.
 */
export function pageOf(source: string, folder: string): string {
  return siteMarkdown(readFileSync(join(root, source), 'utf8'), source, folder);
}

/** First heading of a file of the repository, as plain text. */
export function titleOf(source: string): string {
  const heading = /^# (.*)$/m.exec(readFileSync(join(root, source), 'utf8'))?.[1];
  if (heading === undefined) throw new Error(`${source} has no heading`);
  return heading.replaceAll('`', '');
}

/** Links, outside code, go to pages; a link to what has no page is an error, so that none is lost unseen. */
export function siteMarkdown(text: string, source: string, folder: string): string {
  const target = (address: string): string => {
    if (/^([a-z]+:|#)/.test(address)) return address;
    const [path = '', anchor] = address.split('#');
    const wanted = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, '');
    if (/\.(png|svg)$/.test(wanted))
      return posix.normalize(relative(join(pages, folder), join(root, wanted)).replaceAll('\\', '/'));
    const place = places.get(wanted);
    if (place === undefined) throw new Error(`${source} links to ${address}, which has no page on the site`);
    return anchor === undefined ? place : `${place}#${anchor}`;
  };
  return text
    .split(/(^```[\s\S]*?^```|`[^`\n]+`)/m)
    .map((part, at) =>
      at % 2 ? part : part.replaceAll(/\]\(([^)\s]+)\)/g, (_, address: string) => `](${target(address)})`),
    )
    .join('');
}

/** Name and sentence of each package, as its manifest says them. */
export function packagesTable(): string {
  const rows = packages.map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
      name: string;
      description: string;
    };
    return `| [\`${manifest.name}\`](/packages/${slugOf(folder)}) | ${manifest.description} |`;
  });
  return ['| package | what it is |', '| --- | --- |', ...rows].join('\n');
}
