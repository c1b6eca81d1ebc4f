// The built folder as it lies there: every link leads somewhere, every anchor exists, nothing comes from another host.
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { madeUpBase } from '../.vitepress/build/relocate.ts';
import type { ErrorCode } from '@simile/core/errors';
import { dist } from './site-server.ts';

const files = new Set(
  readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/')),
);
const pages = new Map(
  [...files].filter((name) => name.endsWith('.html')).map((name) => [name, readFileSync(join(dist, name), 'utf8')]),
);
const anchors = new Map(
  [...pages].map(([name, html]) => [
    name,
    new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => unescape(id!))),
  ]),
);

function unescape(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}

test('no link is dead, and no anchor', () => {
  const dead: string[] = [];
  for (const [name, html] of pages) {
    if (name === '404.html') continue;
    for (const [, written] of html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)) {
      const address = unescape(written!);
      if (/^(https?|mailto):/.test(address)) continue;
      const [path = '', anchor] = address.split('#');
      const joined = posix.normalize(posix.join(posix.dirname(name), path.split('?')[0]!));
      const target =
        path === '' ? name : joined === '.' || joined === './' ? 'index.html' : joined.replace(/\/$/, '/index.html');
      if (!files.has(target)) dead.push(`${name}: ${address}`);
      else if (
        anchor &&
        target.endsWith('.html') &&
        !anchors.get(target)!.has(decodeURIComponent(anchor)) &&
        !isState(anchor)
      )
        dead.push(`${name}: ${address} (no such anchor)`);
    }
  }
  expect(dead).toEqual([]);
});

/** State of a live piece, which it reads from the hash: no heading has `=` in its anchor. */
function isState(anchor: string): boolean {
  return anchor.includes('=');
}

test('each code of an error has its anchor, as messages name it', () => {
  const codes: Record<ErrorCode, true> = {
    ERR_ABORTED: true,
    ERR_BACKEND: true,
    ERR_COLLAPSE: true,
    ERR_DATA: true,
    ERR_DTYPE: true,
    ERR_FILE: true,
    ERR_GRADIENT: true,
    ERR_MEMORY: true,
    ERR_NAN: true,
    ERR_OPTION: true,
    ERR_PLUGIN: true,
    ERR_SHAPE: true,
    ERR_STATE: true,
  };
  expect([...anchors.get('errors.html')!]).toEqual(expect.arrayContaining(Object.keys(codes)));
});

test('no page, script or style sheet names the base that it was built with, or loads anything from a host', () => {
  const wrong: string[] = [];
  for (const name of files) {
    if (!/\.(html|js|mjs|css|json)$/.test(name)) continue;
    const text = readFileSync(join(dist, name), 'utf8');
    if (text.includes(madeUpBase)) wrong.push(`${name}: ${madeUpBase}`);
    for (const [found] of text.matchAll(/url\(["']?https?:[^)]*\)/g))
      if (name.endsWith('.css')) wrong.push(`${name}: ${found}`);
    if (!name.endsWith('.html')) continue;
    for (const [found] of text.matchAll(/<(script|link|img|source|iframe)\b[^>]*(src|href|srcset)="https?:[^>]*>/g))
      wrong.push(`${name}: ${found}`);
  }
  expect(wrong).toEqual([]);
});

test('every page has a title, one heading of the first level, and a description or text', () => {
  for (const [name, html] of pages) {
    if (name === '404.html') continue;
    expect(html.match(/<h1[\s>]/g)?.length, name).toBe(1);
    expect(/<title>([^<]*)<\/title>/.exec(html)?.[1], name).not.toBe('');
  }
});
