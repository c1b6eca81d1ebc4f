import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { cases } from './cases.ts';
import { nodeStandings } from './node-standings.ts';
import { nameOf, page } from './table.ts';

it('docs/backends.md is what the backends do; `pnpm ops-table` writes it anew', async () => {
  const seen = JSON.parse(await readFile(new URL('../browser.json', import.meta.url), 'utf8'));
  const names = cases.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(seen), 'browser.json has other cases: run pnpm ops-table').toEqual(names);
  const inBrowser = Object.fromEntries(
    ['webgl', 'webgpu'].map((backend) => [backend, names.map((name) => seen[name][backend])]),
  );
  const text = page(cases, { ...(await nodeStandings()), ...inBrowser });
  await expect(text).toMatchFileSnapshot('../../../docs/backends.md');
});
