// Installs a package outside of the workspace without a network: Simile's packages from tarballs as they would be published, packages
// of others as links to where the workspace has them.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '@tooling/checks/run';
import { readWorkspace } from '@tooling/checks/workspace';

const run = promisify(execFile);
const { packages, tooling } = readWorkspace(root);

/** Packs every package into a folder; answers which version of which package is to be had from where. */
export async function pack(folder: string): Promise<Record<string, string>> {
  mkdirSync(folder, { recursive: true });
  const queue = [...packages];
  const worker = async (): Promise<void> => {
    for (let member = queue.shift(); member; member = queue.shift())
      await run('pnpm', ['pack', '--pack-destination', folder], { cwd: member.folder });
  };
  await Promise.all([worker(), worker()]);
  const tarballs = readdirSync(folder);
  const ours = packages.map(({ manifest: { name } }) => {
    const start = `${name.replace('@', '').replace('/', '-')}-`;
    const tarball = tarballs.find((file) => file.startsWith(start) && /^\d/.test(file.slice(start.length)));
    if (!tarball) throw new Error(`${name} was not packed`);
    return [name, `file:${join(folder, tarball)}`];
  });
  return { ...others(), ...Object.fromEntries(ours) };
}

/** Packages of others that ours have, by links. */
function others(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { folder, manifest } of [...packages, ...tooling]) {
    const { dependencies, devDependencies, peerDependencies } = manifest;
    for (const name of Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })) {
      const place = join(folder, 'node_modules', name);
      if (existsSync(place)) found[name] ??= `link:${realpathSync(place)}`;
    }
  }
  return found;
}

/** Installs what the package.json of a folder asks for, from the given places alone: anything else would need a network, and fails. */
export async function install(folder: string, places: Readonly<Record<string, string>>): Promise<void> {
  const settings = { packages: ['.'], overrides: places, autoInstallPeers: false, strictPeerDependencies: true };
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), JSON.stringify(settings));
  await run('pnpm', ['install', '--offline', '--no-frozen-lockfile', '--ignore-scripts'], { cwd: folder });
}
