// Makes the built folder work under any path of any host: VitePress writes absolute addresses below a base that must be known beforehand, so
// the site is built with a made-up base, which is then replaced by what each file can find out for itself.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** The base that the site is built with. Occurs nowhere else. */
export const madeUpBase = '/simile-docs-base/';

/** Rewrites all pages, scripts and style sheets of a folder in place. */
export function relocate(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const rewrite = rewriters[extname(name)];
    if (!rewrite) continue;
    const file = join(folder, name);
    const text = readFileSync(file, 'utf8');
    if (text.includes(madeUpBase)) writeFileSync(file, rewrite(text, wayUp(name)));
  }
}

/** From a file to the folder that the site lies in: `./`, `../`, `../../`, … */
function wayUp(name: string): string {
  const depth = name.replaceAll('\\', '/').split('/').length - 1;
  return depth === 0 ? './' : '../'.repeat(depth);
}

const rewriters: Readonly<Record<string, (text: string, up: string) => string>> = {
  '.html': relocatePage,
  '.css': (text, up) => text.replaceAll(madeUpBase, up),
  '.js': relocateScript,
  '.mjs': relocateScript,
};

/**
 * Addresses of a page become relative, and work without scripts. With scripts they become absolute again before the page comes to life: what stays
 * on the screen while one goes on to a page in another folder must not change its meaning.
 */
export function relocatePage(html: string, up: string): string {
  const toLife = `{const here=location.href,data=window.__VP_SITE_DATA__;if(data)data.base=new URL("${up}",here).pathname;
for(const element of document.body.querySelectorAll("[href],[src]"))for(const name of["href","src"]){const value=element.getAttribute(name);
if(value&&/^\\.\\.?\\//.test(value)&&element.localName!=="script"){const to=new URL(value,here);element.setAttribute(name,to.pathname+to.search+to.hash)}}}`;
  return html.replaceAll(madeUpBase, up).replace(/<\/body>/, `<script>${toLife.replaceAll('\n', '')}</script></body>`);
}

/** In a script each text that holds the base becomes a sum with what the script's own address says the base is. */
export function relocateScript(code: string, up: string): string {
  const base = `new URL(${JSON.stringify(up)},import.meta.url).pathname`;
  const { program, errors } = parseSync('chunk.mjs', code);
  if (errors[0]) throw new Error(`a script with the base of the site cannot be read: ${errors[0].message}`);
  const edits: { start: number; end: number; text: string }[] = [];
  const visit = (node: unknown, parent: Node | undefined, role: string): void => {
    if (Array.isArray(node)) for (const each of node) visit(each, parent, role);
    if (!isNode(node)) return;
    const raw = code.slice(node.start, node.end);
    if (node.type === 'Literal' && /^["']/.test(raw) && raw.includes(madeUpBase)) {
      if (role === 'source') throw new Error(`a script imports ${raw}: imports must be relative`);
      const sum = `(${raw.split(madeUpBase).join(`${raw[0]}+${base}+${raw[0]}`)})`;
      edits.push({ start: node.start, end: node.end, text: role === 'key' && !parent?.computed ? `[${sum}]` : sum });
    } else if (node.type === 'TemplateElement' && raw.includes(madeUpBase)) {
      edits.push({ start: node.start, end: node.end, text: raw.replaceAll(madeUpBase, `\${${base}}`) });
    } else for (const [name, child] of Object.entries(node)) visit(child, node, name);
  };
  visit(program, undefined, '');
  const ordered = edits.sort((a, b) => b.start - a.start);
  return ordered.reduce((text, { start, end, text: next }) => text.slice(0, start) + next + text.slice(end), code);
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly computed?: boolean;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
