// API reports: packages/*/etc/*.api.md hold each entry's public types, committed, so that a change of the API shows in the diff.
// Fails when one differs from the build; `pnpm api` (--update) writes them.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel, type IConfigFile } from '@microsoft/api-extractor';
import { root } from './run.ts';
import { isMain, readWorkspace, reportFindings, slashed } from './workspace.ts';
import type { Finding, Member } from './workspace.ts';

/** Report of a subpath: `etc/losses.api.md`, `etc/core.random.api.md`. */
export function reportName(folder: string, subpath: string): string {
  return [basename(folder), ...subpath.split('/').slice(1)].join('.');
}

/** Writes or compares the reports of a package; findings where they differ. */
function reportsOf({ folder, manifest }: Member, update: boolean): Finding[] {
  const made = new Set<string>();
  const findings: Finding[] = [];
  for (const [subpath, entry] of Object.entries(manifest.exports ?? {})) {
    if (typeof entry === 'string') continue;
    const name = reportName(folder, subpath);
    made.add(`${name}.api.md`);
    if (!existsSync(join(folder, entry['types']!))) {
      findings.push({ where: slashed(root, folder), what: `has no ${entry['types']}: run pnpm build` });
      continue;
    }
    const committed = join(folder, 'etc', `${name}.api.md`);
    const fresh = extract(folder, name, entry['types']!);
    const before = existsSync(committed) ? readFileSync(committed, 'utf8') : '';
    if (fresh === before) continue;
    if (update) writeFileSync(committed, fresh);
    else
      findings.push({
        where: slashed(root, committed),
        what: `differs from the build (${firstDifference(before, fresh)}): run pnpm api and commit what changed`,
      });
  }
  const kept = existsSync(join(folder, 'etc'))
    ? readdirSync(join(folder, 'etc')).filter((file) => file.endsWith('.api.md'))
    : [];
  for (const file of kept.filter((name) => !made.has(name))) {
    if (update) rmSync(join(folder, 'etc', file));
    else findings.push({ where: slashed(root, join(folder, 'etc', file)), what: 'belongs to no entry: run pnpm api' });
  }
  return findings;
}

function extract(folder: string, name: string, types: string): string {
  mkdirSync(join(folder, 'etc'), { recursive: true });
  const quiet = { default: { logLevel: ExtractorLogLevel.None } };
  const configObject: IConfigFile = {
    projectFolder: folder,
    mainEntryPointFilePath: join(folder, types),
    compiler: {
      overrideTsconfig: {
        compilerOptions: {
          module: 'nodenext',
          target: 'es2022',
          lib: ['es2023', 'dom'],
          types: ['node'],
          skipLibCheck: true,
        },
      },
    },
    apiReport: {
      enabled: true,
      reportFileName: name,
      reportFolder: join(folder, 'temp'),
      reportTempFolder: join(folder, 'temp/new'),
      includeForgottenExports: false,
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    newlineKind: 'lf',
    // What matters is the report. Release tags are not used, and formulas upset the TSDoc parser.
    messages: { compilerMessageReporting: quiet, extractorMessageReporting: quiet, tsdocMessageReporting: quiet },
  };
  mkdirSync(join(folder, 'temp/new'), { recursive: true });
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
  Extractor.invoke(config, {
    localBuild: true,
    showVerboseMessages: false,
    messageCallback: (message) => (message.handled = true),
  });
  const report = readFileSync(config.reportFilePath, 'utf8');
  rmSync(join(folder, 'temp'), { recursive: true });
  return report;
}

/** The first line that differs, short. */
export function firstDifference(before: string, after: string): string {
  if (before === '') return 'it is not there';
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const at = fresh.findIndex((line, index) => line !== old[index]);
  const line = at < 0 ? fresh.length : at;
  return `line ${line + 1}: ${(old[line] ?? 'nothing').trim().slice(0, 60)} → ${(fresh[line] ?? 'nothing').trim().slice(0, 60)}`;
}

if (isMain(import.meta.url)) {
  const update = process.argv.includes('--update');
  const { packages } = readWorkspace(root);
  reportFindings(
    'api',
    packages.flatMap((member) => reportsOf(member, update)),
    `${packages.length} packages`,
  );
}
