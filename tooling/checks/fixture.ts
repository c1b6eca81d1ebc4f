// A small workspace that passes every check, written to a temporary folder for a test to break.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readWorkspace, type Finding, type Workspace } from './workspace.ts';

export type Files = Record<string, string | undefined>;
type Fields = Record<string, unknown>;

/** Manifest of a package in good order. */
export function manifest(name: string, fields: Fields = {}): string {
  const folder = name.replace('@simile/', '');
  const built = { types: './dist/index.d.ts', default: './dist/index.js' };
  const self = { './package.json': './package.json' };
  return JSON.stringify({
    name,
    description: 'What it is.',
    license: 'Apache-2.0',
    repository: { directory: `packages/${folder}` },
    files: ['dist'],
    type: 'module',
    sideEffects: false,
    exports: { '.': { source: './src/index.ts', ...built }, ...self },
    publishConfig: { access: 'public', exports: { '.': built, ...self } },
    scripts: { build: 'tsdown', types: 'tsc', test: 'vitest' },
    engines: { node: '>=20.19' },
    ...fields,
  });
}

const UNIT = `/**
 * Twice the number.
 *
 * @throws \`ERR_OPTION\` below 0
 * @example
 * double(2); // 4
 */
export function double(x: number): number {
  if (x < 0) throw new Error('x');
  return 2 * x;
}
`;

/** Files of one package in good order. */
function packageFiles(name: string, fields: Fields = {}): Files {
  const folder = `packages/${name.replace('@simile/', '')}`;
  return {
    [`${folder}/package.json`]: manifest(name, fields),
    [`${folder}/README.md`]: '# It\n',
    [`${folder}/LICENSE`]: 'the licence\n',
    [`${folder}/tsconfig.json`]: '{}',
    [`${folder}/tsdown.config.ts`]: "export default { entry: ['src/index.ts'] };\n",
    [`${folder}/src/index.ts`]: "export { double } from './double.ts';\n",
    [`${folder}/src/double.ts`]: UNIT,
    [`${folder}/src/double.test.ts`]: '',
  };
}

/** Two packages, core and losses, the second on the first. `changes` replaces files, or leaves them out with undefined. */
export function workspaceWith(changes: Files = {}): Workspace {
  const peers = { '@tensorflow/tfjs-core': '^4.22.0' };
  const files: Files = {
    'package.json': JSON.stringify({
      name: 'root',
      engines: { node: '>=20.19' },
      devDependencies: { '@tensorflow/tfjs-core': 'catalog:' },
    }),
    'pnpm-workspace.yaml': "packages: [packages/*]\ncatalog:\n  '@tensorflow/tfjs-core': 4.22.0\n",
    LICENSE: 'the licence\n',
    ...packageFiles('@simile/core', { peerDependencies: peers }),
    ...packageFiles('@simile/losses', { dependencies: { '@simile/core': 'workspace:^' }, peerDependencies: peers }),
    ...changes,
  };
  const root = mkdtempSync(join(tmpdir(), 'simile-checks-'));
  process.on('exit', () => rmSync(root, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    if (text === undefined) continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return readWorkspace(root);
}

/** Findings as `where: what` lines. */
export function lines(findings: readonly Finding[]): string[] {
  return findings.map(({ where, what }) => `${where}: ${what}`);
}
