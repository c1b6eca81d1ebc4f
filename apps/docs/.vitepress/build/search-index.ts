// Search that works offline, over every page as it was built: VitePress's own index leaves out pages that come from data.
import MiniSearch from 'minisearch';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Section {
  readonly anchor: string;
  /** From the page's title down to the section's own. */
  readonly titles: readonly string[];
  readonly text: string;
}

/**
 * Writes the index over the one that VitePress made.
 *
 * @param base What addresses in the index begin with.
 */
export function writeSearchIndex(folder: string, base: string): void {
  // As VitePress's search box reads it.
  const index = new MiniSearch({ fields: ['title', 'titles', 'text'], storeFields: ['title', 'titles'] });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.html') || name === '404.html') continue;
    const page = base + name.replaceAll('\\', '/').replace(/(^|\/)index\.html$/, '$1');
    for (const { anchor, titles, text } of sectionsOf(readFileSync(join(folder, name), 'utf8'))) {
      const id = anchor ? `${page}#${anchor}` : page;
      if (!index.has(id)) index.add({ id, text, title: titles.at(-1), titles: titles.slice(0, -1) });
    }
  }
  const chunks = join(folder, 'assets/chunks');
  const chunk = readdirSync(chunks).find((name) => name.startsWith('@localSearchIndexroot'));
  if (!chunk) throw new Error('the site has no search index to replace');
  writeFileSync(join(chunks, chunk), `export default ${JSON.stringify(JSON.stringify(index))};\n`);
}

/** The text of a built page, cut at its headings. A page whose front matter says `search: false` has none. */
export function sectionsOf(html: string): Section[] {
  if (html.includes('data-search="off"')) return [];
  const start = html.search(/<div[^>]* class="vp-doc/);
  const end = html.indexOf('</main>', start);
  if (start < 0 || end < 0) return [];
  const body = html.slice(start, end).replaceAll(/<(mjx-container|svg|style|script|button)\b[\s\S]*?<\/\1>/g, ' ');
  const parts = body.split(/<h([1-6]) id="([^"]*)"[^>]*>([\s\S]*?)<\/h\1>/);
  const above: string[] = [];
  const sections: Section[] = [];
  for (let at = 1; at < parts.length; at += 4) {
    const level = Number(parts[at]);
    above.length = Math.min(above.length, level - 1);
    above[level - 1] = plain(parts[at + 2]!.replace(/<a class="header-anchor"[\s\S]*/, ''));
    sections.push({
      anchor: level === 1 ? '' : parts[at + 1]!,
      titles: above.filter(Boolean),
      text: plain(parts[at + 3]!),
    });
  }
  return sections;
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };

function plain(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => named[name]!)
    .replaceAll(/[\s\u200B]+/g, ' ')
    .trim();
}
