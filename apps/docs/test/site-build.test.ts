import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dependencies } from '../.vitepress/build/dependencies.ts';
import { firstPages } from '../.vitepress/build/first-pages.ts';
import { madeUpBase, relocatePage, relocateScript } from '../.vitepress/build/relocate.ts';
import { documents, pageOf, siteMarkdown, titleOf } from '../.vitepress/build/repository.ts';
import { sectionsOf } from '../.vitepress/build/search-index.ts';
import { projectSphere } from '../.vitepress/theme/project-sphere.ts';

const base = madeUpBase;

test('in a script texts with the base become sums, wherever they stand', async () => {
  const code = [
    `export const a = "${base}x.js";`,
    `export const b = '<a href="${base}y">\\'${base}z\\'</a>'.length;`,
    `export const c = {"${base}k": \`in \${1} ${base}t\`};`,
    `export const d = "${base}".length + "untouched".length;`,
  ].join('\n');
  const moved = relocateScript(code, '../../');
  expect(moved).not.toContain(base);
  // Run as if it were a chunk of a site under /a/b/.
  const run = moved.replaceAll('import.meta.url', '"http://host/a/b/assets/chunks/x.js"');
  const made = (await import(`data:text/javascript,${encodeURIComponent(run)}`)) as Record<string, unknown>;
  expect(made).toMatchObject({
    a: '/a/b/x.js',
    b: `<a href="/a/b/y">'/a/b/z'</a>`.length,
    c: { '/a/b/k': 'in 1 /a/b/t' },
    d: 14,
  });
});

test('a script that imports from the base, or that cannot be read, is an error', () => {
  expect(() => relocateScript(`import "${base}x.js"`, './')).toThrowErrorMatchingInlineSnapshot(
    `[Error: a script imports "/simile-docs-base/x.js": imports must be relative]`,
  );
  expect(() => relocateScript(`const = "${base}"`, './')).toThrowError(/cannot be read/);
});

test('addresses of a page are relative to it, and a script says where the site lies', () => {
  const html = `<body><a href="${base}start.html">Start</a></body>`;
  const moved = relocatePage(html, '../');
  expect(moved).toContain('<a href="../start.html">');
  expect(moved).toContain('data.base=new URL("../",here).pathname');
  expect(moved).not.toContain(base);
});

test('links between files of the repository become links between pages, outside code', () => {
  const text =
    'See [errors](errors.md#ERR_DATA), [ours](#x), `[a](b.md)`.\n\n```md\n[a](b.md)\n```\n\n![p](neighbors.png)';
  expect(siteMarkdown(text, 'docs/design.md', 'guides')).toBe(
    'See [errors](/errors#ERR_DATA), [ours](#x), `[a](b.md)`.\n\n```md\n[a](b.md)\n```\n\n![p](../../../../docs/neighbors.png)',
  );
  expect(() => siteMarkdown('[x](gone.md)', 'docs/design.md', 'guides')).toThrowErrorMatchingInlineSnapshot(
    `[Error: docs/design.md links to gone.md, which has no page on the site]`,
  );
});

test('every document of the repository makes a page with a title', () => {
  expect(documents.length).toBeGreaterThan(5);
  for (const name of documents) {
    expect(titleOf(`docs/${name}.md`)).not.toBe('');
    expect(pageOf(`docs/${name}.md`, 'guides')).toContain('# ');
  }
});

test('home has the twenty lines of the README, and errors are a page', () => {
  const pages = new Map(firstPages().map(({ params, content }) => [params.page, content]));
  expect(pages.get('index')).toContain('console.log(neighbors.length); // → 5');
  expect(pages.get('errors')).toContain('## ERR_OPTION');
});

test('each dependency has its version, its users and a plan', () => {
  const all = dependencies();
  expect(all.map(({ name }) => name)).toContain('@tensorflow/tfjs-core');
  for (const { versions, usedBy, plan } of all) {
    expect(versions).toMatch(/^\^?\d/);
    expect(usedBy).not.toBe('');
    expect(plan).not.toBe('');
  }
});

test('a page is cut at its headings for the search, without formulas and buttons', () => {
  const html = `<main><div class="vp-doc"><h1 id="a" tabindex="-1">Top <a class="header-anchor" href="#a">#</a></h1><p>One &lt;b&gt;</p>
    <h2 id="b" tabindex="-1">Below</h2><button>Copy</button><mjx-container><svg><g/></svg></mjx-container><p>Two</p></div></main>`;
  expect(sectionsOf(html)).toEqual([
    { anchor: '', titles: ['Top'], text: 'One <b>' },
    { anchor: 'b', titles: ['Top', 'Below'], text: 'Two' },
  ]);
  expect(sectionsOf('<main data-search="off"><div class="vp-doc"><h1 id="a">x</h1></div></main>')).toEqual([]);
});

test('the sphere is seen from the front: what is near comes last', () => {
  const frames = [
    [0, 0, 100, 0, 0, -100],
    [100, 0, 0, 0, 0, -100],
  ];
  const start = projectSphere(frames, 0, 0);
  expect(start.map(({ at }) => at)).toEqual([1, 0]);
  expect(start[1]).toMatchObject({ x: expect.closeTo(0, 9), y: expect.closeTo(Math.sin(0.35), 9) });
  // Half way between two places at a right angle, on the sphere; a quarter turn brings the side to the back.
  expect(projectSphere(frames, 0.5, 0).find(({ at }) => at === 0)).toMatchObject({
    x: expect.closeTo(Math.SQRT1_2, 9),
  });
  expect(projectSphere(frames, 1, Math.PI / 2).find(({ at }) => at === 0)).toMatchObject({ x: expect.closeTo(0, 9) });
});

test('examples that guides offer to run are there', () => {
  const guides = join(import.meta.dirname, '../pages/guides');
  const examples = readdirSync(join(import.meta.dirname, '../examples'));
  const offered = readdirSync(guides).flatMap((name) =>
    [...readFileSync(join(guides, name), 'utf8').matchAll(/<RunExample example="([^"]+)"/g)].map(
      ([, example]) => example!,
    ),
  );
  expect(offered.length).toBeGreaterThan(10);
  expect(offered.filter((name) => !examples.includes(`${name}.ts`))).toEqual([]);
});
