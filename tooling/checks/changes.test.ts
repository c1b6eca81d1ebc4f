import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkChanges } from './changes.ts';
import { lines, workspaceWith, type Files } from './fixture.ts';

const both = "---\n'@simile/core': minor\n'@simile/losses': patch\n---\n\nBetter.\n";
const found = (changes: Files): string[] => lines(checkChanges(workspaceWith(changes)));

test('a changeset that names every unreleased package is enough', () => {
  assert.deepEqual(found({ '.changeset/a.md': both }), []);
});

test('a package with a changelog was released and needs none', () => {
  assert.deepEqual(
    found({
      '.changeset/a.md': "---\n'@simile/core': minor\n---\n\nBetter.\n",
      'packages/losses/CHANGELOG.md': '# It',
    }),
    [],
  );
});

for (const [title, changes, expected] of [
  [
    'an unreleased package in no changeset',
    { '.changeset/README.md': both },
    [
      'packages/core: was never released, and no changeset names it: run pnpm changeset',
      'packages/losses: was never released, and no changeset names it: run pnpm changeset',
    ],
  ],
  [
    'an unknown package',
    { '.changeset/a.md': both.replace('core', 'cure'), 'packages/core/CHANGELOG.md': '' },
    ['.changeset/a.md: names @simile/cure, which is no package here'],
  ],
  [
    'an unknown size of change',
    { '.changeset/a.md': both.replace('patch', 'tiny') },
    ['.changeset/a.md: @simile/losses must be major, minor or patch, but is tiny'],
  ],
  [
    'a changeset without words',
    { '.changeset/a.md': both.replace('Better.', ''), '.changeset/b.md': both },
    ['.changeset/a.md: must hold packages between two --- lines, and a sentence below them'],
  ],
] as [string, Files, string[]][]) {
  test(`it reports ${title}`, () => {
    assert.deepEqual(found(changes), expected);
  });
}
