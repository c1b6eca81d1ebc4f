// What would be published: packs each package and looks at the tarball itself, with our own rules, publint and attw.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root } from './run.ts';
import { isMain, readWorkspace, reportFindings } from './workspace.ts';
import type { Finding, Manifest, Member } from './workspace.ts';

const run = promisify(execFile);
const ALLOWED = [
  /^package\.json$/,
  /^README\.md$/,
  /^LICENSE$/,
  /^CHANGELOG\.md$/,
  /^dist\/.+\.(js|js\.map|d\.ts|d\.ts\.map|wasm)$/,
  /^dist\/wasm\/SHA256SUMS$/,
];

/** Findings about an unpacked package: its files and the manifest as published. */
export function checkPacked(
  where: string,
  files: readonly string[],
  manifest: Manifest,
  read: (file: string) => string,
): Finding[] {
  const findings: Finding[] = [];
  const note = (what: string): void => void findings.push({ where, what });
  for (const file of files) {
    if (!ALLOWED.some((pattern) => pattern.test(file))) note(`packs ${file}, which nobody needs`);
    if (/\.(test|browser\.test)\./.test(file)) note(`packs the test ${file}`);
  }
  for (const file of ['README.md', 'LICENSE']) if (!files.includes(file)) note(`packs no ${file}`);

  const published = JSON.stringify({ ...manifest, devDependencies: {}, scripts: {} });
  for (const protocol of ['workspace:', 'catalog:'])
    if (published.includes(`"${protocol}`)) note(`publishes a ${protocol} range`);

  const targets = Object.entries(manifest.exports ?? {}).flatMap(([subpath, entry]) =>
    typeof entry === 'string'
      ? [[subpath, '', entry] as const]
      : Object.entries(entry).map(([condition, file]) => [subpath, condition, file] as const),
  );
  for (const [subpath, condition, file] of targets) {
    if (condition === 'source') note(`publishes the source condition of ${subpath}`);
    const path = file.replace('./', '');
    const isPacked = path.endsWith('/*')
      ? files.some((name) => name.startsWith(path.slice(0, -1)))
      : files.includes(path);
    if (!isPacked) note(`exports ${subpath} as ${file}, which is not packed`);
  }
  for (const file of Object.values(manifest.bin ?? {})) {
    const path = file.replace('./', '');
    if (!files.includes(path)) note(`has the program ${file}, which is not packed`);
    else if (!read(path).startsWith('#!/usr/bin/env node\n')) note(`${file} must begin with #!/usr/bin/env node`);
  }
  return findings;
}

async function packAndCheck({ path, folder }: Member, work: string): Promise<Finding[]> {
  const into = mkdtempSync(join(work, 'pack-'));
  await run('pnpm', ['pack', '--pack-destination', into], { cwd: folder });
  const name = readdirSync(into).find((file) => file.endsWith('.tgz'))!;
  const tarball = join(into, name);
  await run('tar', ['-xzf', name], { cwd: into });
  const unpacked = join(into, 'package');
  const files = readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(unpacked.length + 1)
        .replaceAll('\\', '/'),
    );
  const read = (file: string): string => readFileSync(join(unpacked, file), 'utf8');
  const manifest = JSON.parse(read('package.json')) as Manifest;
  return [
    ...checkPacked(path, files, manifest, read),
    ...(await publintFindings(path, unpacked)),
    ...(await attwFindings(path, tarball)),
  ];
}

async function publintFindings(where: string, unpacked: string): Promise<Finding[]> {
  const { messages, pkg } = await publint({ pkgDir: unpacked, strict: true, pack: false, level: 'warning' });
  return messages.map((message) => ({ where, what: `publint: ${formatMessage(message, pkg, { color: false })}` }));
}

async function attwFindings(where: string, tarball: string): Promise<Finding[]> {
  const program = join(root, 'tooling/checks/node_modules/@arethetypeswrong/cli/dist/index.js');
  const args = [program, tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'];
  try {
    await run(process.execPath, args, { maxBuffer: 1 << 24 });
    return [];
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return [{ where, what: `attw: ${(stdout + stderr).trim()}` }];
  }
}

if (isMain(import.meta.url)) {
  const { packages } = readWorkspace(root);
  const work = mkdtempSync(join(tmpdir(), 'simile-packed-'));
  const queue = [...packages];
  const findings: Finding[] = [];
  const worker = async (): Promise<void> => {
    for (let member = queue.shift(); member; member = queue.shift()) {
      if (existsSync(join(member.folder, 'dist'))) findings.push(...(await packAndCheck(member, work)));
      else findings.push({ where: member.path, what: 'is not built: run pnpm build' });
    }
  };
  await Promise.all([worker(), worker()]);
  rmSync(work, { recursive: true });
  reportFindings('packed', findings, `${packages.length} packages`);
}
