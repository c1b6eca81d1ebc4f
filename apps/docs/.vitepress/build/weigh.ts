// What pages weigh: all that a page asks for before anything is run, as a host sends it compressed.
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Weight {
  readonly page: string;
  /** Bytes, compressed, of the page itself. */
  readonly html: number;
  readonly scripts: number;
  readonly styles: number;
  readonly pictures: number;
  readonly all: number;
}

const kinds = [
  'index.html',
  'start.html',
  'guides/choosing-the-index.html',
  'losses/triplet-margin.html',
  'loss-lab.html',
  'playground.html',
];

/** One page of each kind; of those that the folder has. */
export function weigh(folder: string): Weight[] {
  return kinds.filter((page) => existsSync(join(folder, page))).map((page) => weighPage(folder, page));
}

function weighPage(folder: string, page: string): Weight {
  const text = readFileSync(join(folder, page), 'utf8');
  const wanted = new Set<string>();
  const want = (from: string, address: string): void => {
    const name = posix.join(posix.dirname(from), address.split(/[?#]/)[0]!);
    if (wanted.has(name) || !existsSync(join(folder, name))) return;
    wanted.add(name);
    if (!name.endsWith('.js')) return;
    for (const [, next] of readFileSync(join(folder, name), 'utf8').matchAll(/(?:import|from)\s*"(\.[^"]+)"/g))
      want(name, next!);
  };
  for (const [tag] of text.matchAll(/<(?:link|script|img)\b[^>]*>/g)) {
    const address = /\b(?:href|src)="([^"]+)"/.exec(tag)?.[1];
    if (address && !/rel="(?:prefetch|icon)"/.test(tag)) want(page, address);
  }
  const sum = (pattern: RegExp): number =>
    [...wanted].filter((name) => pattern.test(name)).reduce((total, name) => total + compressed(join(folder, name)), 0);
  const html = gzipSync(text).length;
  const [scripts, styles, pictures] = [sum(/\.js$/), sum(/\.css$/), sum(/\.(avif|png|svg)$/)];
  return { page, html, scripts, styles, pictures, all: html + scripts + styles + pictures };
}

function compressed(file: string): number {
  const bytes = readFileSync(file);
  return /\.(avif|png|woff2)$/.test(file) ? bytes.length : gzipSync(bytes).length;
}

/** The weights as lines for a person. */
export function weightTable(weights: readonly Weight[]): string {
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
  const lines = weights.map(
    ({ page, html, scripts, styles, pictures, all }) =>
      page.padEnd(34) + [html, scripts, styles, pictures, all].map(kilobytes).join(''),
  );
  return [
    'page, compressed'.padEnd(34) +
      ['html', 'scripts', 'styles', 'pictures', 'all'].map((name) => name.padStart(10)).join(''),
    ...lines,
  ].join('\n');
}
