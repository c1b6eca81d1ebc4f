// Changesets: each says which packages it changes and how far; a package that was never released must be in one.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './run.ts';
import { isMain, readWorkspace, reportFindings } from './workspace.ts';
import type { Finding, Workspace } from './workspace.ts';

export function checkChanges({ root: top, packages }: Workspace): Finding[] {
  const findings: Finding[] = [];
  const names = new Set(packages.map(({ manifest }) => manifest.name));
  const changed = new Set<string>();
  const folder = join(top, '.changeset');
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md')
    : [];
  for (const file of files) {
    const where = `.changeset/${file}`;
    const [, head, text] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readFileSync(join(folder, file), 'utf8')) ?? [];
    if (head === undefined || !text?.trim()) {
      findings.push({ where, what: 'must hold packages between two --- lines, and a sentence below them' });
      continue;
    }
    for (const [name, bump] of Object.entries((parse(head) ?? {}) as Record<string, string>)) {
      changed.add(name);
      if (!names.has(name)) findings.push({ where, what: `names ${name}, which is no package here` });
      if (!['major', 'minor', 'patch'].includes(bump))
        findings.push({ where, what: `${name} must be major, minor or patch, but is ${bump}` });
    }
  }
  for (const { path, folder: own, manifest } of packages) {
    if (changed.has(manifest.name) || existsSync(join(own, 'CHANGELOG.md'))) continue;
    findings.push({ where: path, what: 'was never released, and no changeset names it: run pnpm changeset' });
  }
  return findings;
}

if (isMain(import.meta.url)) {
  const workspace = readWorkspace(root);
  reportFindings('changes', checkChanges(workspace), `${workspace.packages.length} packages`);
}
