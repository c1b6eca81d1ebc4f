import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromLink } from '../../src/share/index.ts';
import { apiIndexPage, apiPages, publishedModules } from '../../units/api-reference.ts';
import { readExamples } from '../../units/facts.ts';
import { kinds } from '../../units/kinds.ts';
import { errorCodes } from '../../units/links.ts';
import { unitsSidebar } from '../../units/sidebar.ts';
import { exportsOf, root } from '../../units/sources.ts';
import { tablePage, unitsPage } from '../../units/table-page.ts';
import { kilobytes, unitPage } from '../../units/unit-page.ts';
import { allUnits, linkTo, type Unit } from '../../units/units.ts';

const units = allUnits();
const pages = new Map<string, string>();
const unitNamed = (name: string): Unit => units.find((unit) => unit.name === name)!;

beforeAll(async () => {
  const facts = { sizes: { 'losses/triplet-margin': 4821 }, examples: await readExamples() };
  for (const unit of units) pages.set(linkTo(unit), unitPage(unit, facts));
  for (const kind of kinds) pages.set(`/${kind.id}/`, tablePage(kind, facts));
  pages.set('/units', unitsPage());
  pages.set('/api/', apiIndexPage());
  for (const [id, text] of Object.entries(await apiPages())) pages.set(`/api/${id}`, text);
}, 180_000);

describe('the page of a unit', () => {
  const tripletMargin = (): string => pages.get('/losses/triplet-margin')!;

  test('has what was found in docs, code, runs and measures', () => {
    for (const part of [
      '# `tripletMargin`',
      '$$ \\ell_{apn} = \\max(0, d_{ap} - d_{an} + m)',
      '<LossLab unit="triplet-margin" />',
      '// (3 + 6 − √10) / 2 ≈ 2.9189',
      '```text\n2.9189\n```',
      '| **`soft`**<br>`boolean` | false | Softplus in place of the hinge',
      '| embeddings | `[n, d]` | float32 |',
      '4.8 kB minified and compressed',
      '[`ERR_SHAPE`](/errors#ERR_SHAPE)',
      'CVPR 2015',
      '[`batchHard`](/miners/batch-hard)',
      '[`cosine`](/distances/cosine)',
      '/blob/main/packages/losses/src/triplet-margin.ts#L',
      '| trains | trains | trains | trains | trains |',
    ]) {
      expect(tripletMargin()).toContain(part);
    }
  });

  test('offers its example to the playground, where it prints', () => {
    const hash = /\]\(\/playground(#program=[^)]+)\)/.exec(tripletMargin())![1]!;
    const { files, entry } = fromLink(hash)!;
    expect(files[entry]).toContain('console.log(loss(tensor1d([0, 0, 1]), tensor2d([[0, 0], [3, 4], [0, 3]])));');
    expect(files[entry]).toContain('await selectBackend();');
  });

  test('offers a program of the playground that has the unit', () => {
    const name = /<RunExample example="([^"]+)" \/>/.exec(tripletMargin())![1]!;
    expect(readFileSync(join(root, `apps/docs/examples/${name}.ts`), 'utf8')).toMatch(/^import .*\btripletMargin\b/m);
  });

  test('has a lab where there is something to see', () => {
    const withLab = (name: string): boolean => pages.get(linkTo(unitNamed(name)))!.includes('<LossLab ');
    expect(['ntXent', 'cosine', 'batchHard'].map(withLab)).toEqual([true, true, true]);
    expect(['hamming', 'moveTowards', 'lp', 'recallAtK', 'hnswEngine'].map(withLab)).not.toContain(true);
  });

  test('says where a miner waits for values', () => {
    expect(pages.get('/miners/batch-hard')).toContain('| runs | runs | runs | runs | does not run |');
    // It reads a count back that it wrote itself, which every backend still has at hand.
    expect(pages.get('/losses/cross-batch-memory')).toContain('| trains | trains | trains | trains | trains |');
    expect(pages.get('/miners/multi-similarity-miner')).toContain('| runs | runs | runs | runs | runs |');
  });
});

test('no page has a tag or a value to fill in that was text', () => {
  for (const [address, text] of pages) {
    const bare = text
      .replace(/^```[\s\S]*?^```/gm, '')
      .replace(/\$\$[\s\S]*?\$\$/g, '')
      .replace(/`[^`\n]*`/g, '')
      .replace(/\\[<{]/g, '')
      .replace(/<(br|(?:LossLab|RunExample) [^>]*|a id="[^"]*"|\/a)( \/)?>/g, '');
    expect(bare.match(/<[a-z/][^\n]{0,40}|\{\{[^\n]{0,40}/i)?.[0], address).toBeUndefined();
  }
});

test('every link leads to a page and, where it names a place, to that', () => {
  const docs = join(import.meta.dirname, '../../pages');
  const written = readdirSync(docs, { recursive: true, encoding: 'utf8' }).map(
    (name) => `/${name.replaceAll('\\', '/')}`,
  );
  const known = (address: string): boolean =>
    pages.has(address) ||
    written.includes(`${address}.md`) ||
    address === '/errors' ||
    existsSync(join(root, `${address.replace(/^\/guides\//, '/docs/')}.md`)) ||
    existsSync(join(root, `${address}/README.md`));
  const dead: string[] = [];
  for (const [from, text] of pages) {
    for (const [, target = ''] of text.matchAll(/(?<!`)\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = '', anchor] = target.split('#');
      const address = path === '' ? from : path.split('?')[0]!;
      if (!known(address)) dead.push(`${from} → ${target}`);
      else if (anchor !== undefined && !hasAnchor(address, anchor)) dead.push(`${from} → ${target}: no such place`);
    }
  }
  expect(dead).toEqual([]);
});

function hasAnchor(address: string, anchor: string): boolean {
  if (address === '/errors') return errorCodes().has(anchor);
  if (address === '/playground') return anchor.startsWith('program=');
  const text = pages.get(address) ?? '';
  const headings = [...text.matchAll(/^#{2,6} (.*)$/gm)].map(([, heading = '']) => heading.replace(/\\|`|~~/g, ''));
  const slugs = headings.map((heading) =>
    heading
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join('-'),
  );
  return slugs.includes(anchor.replace(/-\d+$/, '')) || text.includes(`id="${anchor}"`);
}

test.each(publishedModules().filter(({ name }) => name !== 'simile'))(
  '$name: the reference has every name',
  ({ id, file }) => {
    const text = pages.get(`/api/${id}`)!;
    const headings = new Set(
      [...text.matchAll(/^### (.*)$/gm)].map(([, heading = '']) => heading.replace(/\\|\(\)$/g, '')),
    );
    for (const { name, file: declared } of exportsOf(join(root, file))) {
      if (declared.endsWith('plugin.ts') || !declared.includes('/packages/') || /(?:^|\/)ops\.ts$/.test(declared))
        continue;
      expect(headings.has(name) || text.includes(`\n### ${name}`), `${name} of ${declared}`).toBe(true);
    }
  },
);

test('the side of each kind leads to all its units', () => {
  const links = Object.values(unitsSidebar()).flatMap((groups) => groups.flatMap(({ items = [] }) => items));
  for (const unit of units) expect(links.map(({ link }) => link)).toContain(linkTo(unit));
});

test('every unit is in the table of its kind, and on the page of all', () => {
  for (const unit of units) {
    const link = `[\`${unit.name}\`](${linkTo(unit)})`;
    expect(pages.get(`/${unit.kind.id}/`)).toContain(`| ${link} |`);
    expect(pages.get('/units')).toContain(link);
  }
});

test('sizes are in kB of 1000 bytes', () => {
  expect([104, 1449, 9951, 79_159].map(kilobytes)).toEqual(['0.1 kB', '1.4 kB', '10.0 kB', '79 kB']);
});

test('error codes are those of the page of errors', () => {
  const declared = readFileSync(join(root, 'packages/core/src/errors.ts'), 'utf8').match(/(?<=^ {2}\| ')ERR_[A-Z]+/gm);
  expect([...errorCodes()].toSorted()).toEqual(declared?.toSorted());
});
