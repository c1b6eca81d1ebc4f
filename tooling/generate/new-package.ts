// pnpm new package miners batch-hard: a package with its first unit, entered on its floor and in the floor tests.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, edit, type Edits } from './edit.ts';
import { camelCase, checkId, pascalCase } from './names.ts';

export function newPackage(root: string, name: string | undefined, unit: string | undefined): Edits {
  checkId(name);
  checkId(unit);
  const edits: Edits = new Map();
  const folder = `packages/${name}`;
  const file = (path: string, text: string): void => create(root, edits, `${folder}/${path}`, text);
  const [symbol, options] = [camelCase(unit), `${pascalCase(unit)}Options`];
  file('package.json', `${JSON.stringify(manifest(name), undefined, 2)}\n`);
  file('LICENSE', readFileSync(join(root, 'LICENSE'), 'utf8'));
  file('README.md', readme(name, symbol));
  file('tsconfig.json', `${JSON.stringify(tsconfig, undefined, 2)}\n`);
  file('tsdown.config.ts', tsdown);
  file('vitest.config.ts', vitest);
  file('src/index.ts', `export { ${symbol}, type ${options} } from './${unit}.ts';\n`);
  file(`src/${unit}.ts`, source(unit, symbol, options));
  file(`src/${unit}.test.ts`, test(unit, symbol));
  edit(root, edits, 'tooling/checks/graph.ts', (text) =>
    text.replace("    '@simile/augmenters',\n", `    '@simile/augmenters',\n    '@simile/${name}',\n`),
  );
  edit(root, edits, 'tooling/floor/package.json', (text) =>
    text.replace(
      '    "@simile/augmenters": "workspace:*",\n',
      `    "@simile/augmenters": "workspace:*",\n    "@simile/${name}": "workspace:*",\n`,
    ),
  );
  create(root, edits, `.changeset/${name}.md`, `---\n'@simile/${name}': minor\n---\n\nA package for ${name}.\n`);
  return edits;
}

function manifest(name: string): object {
  const built = { types: './dist/index.d.ts', default: './dist/index.js' };
  const self = { './package.json': './package.json' };
  return {
    name: `@simile/${name}`,
    version: '0.0.0',
    description: `What ${name} is for, in one sentence.`,
    keywords: ['similarity', 'metric learning', 'tensorflow.js'],
    license: 'Apache-2.0',
    repository: { type: 'git', url: 'git+https://github.com/simile-js/simile.git', directory: `packages/${name}` },
    files: ['dist'],
    type: 'module',
    sideEffects: false,
    exports: { '.': { source: './src/index.ts', ...built }, ...self },
    publishConfig: { access: 'public', exports: { '.': built, ...self } },
    scripts: { build: 'tsdown --logLevel warn', types: 'tsc -p .', test: 'vitest run --project node' },
    dependencies: { '@simile/core': 'workspace:^' },
    devDependencies: {
      '@tooling/tsconfig': 'workspace:*',
      '@tooling/vitest': 'workspace:*',
      '@types/node': 'catalog:',
      tsdown: 'catalog:',
      typescript: 'catalog:',
      vitest: 'catalog:',
    },
    engines: { node: '>=20.19' },
  };
}

const tsconfig = {
  extends: '../../tsconfig.base.json',
  include: ['src', '../../tooling/tsconfig/url.d.ts'],
  compilerOptions: { types: ['node'] },
};

const tsdown = `import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  unbundle: true,
  dts: true,
  sourcemap: true,
});
`;

const vitest = `import { projects } from '@tooling/vitest';
import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { projects } });
`;

function readme(name: string, symbol: string): string {
  return `# @simile/${name}

What ${name} is for, in one sentence.

\`\`\`sh
npm i @simile/${name}
\`\`\`

\`\`\`ts
import { ${symbol} } from '@simile/${name}';

const scaled = ${symbol}({ scale: 2 })(Float32Array.of(1, 2));
console.log([...scaled]); // → [ 2, 4 ]
\`\`\`

| unit | what it does | source |
| --- | --- | --- |
| \`${symbol}\` | multiplies by a scale | its definition |

How to contribute: [CONTRIBUTING](../../CONTRIBUTING.md). Licence: Apache-2.0.
`;
}

function source(unit: string, symbol: string, options: string): string {
  return `import { checkFinite } from '@simile/core/errors';

/** Options of {@link ${symbol}}. */
export interface ${options} {
  /** Factor; finite. Default 1. */
  scale?: number;
}

/**
 * Multiplies every value by a scale.
 *
 * @throws \`ERR_OPTION\` if \`scale\` is not a finite number.
 * @example
 * ${symbol}({ scale: 2 })(Float32Array.of(1, 2)); // [2, 4]
 */
export function ${symbol}({ scale = 1 }: ${options} = {}): (values: Float32Array) => Float32Array {
  checkFinite('${unit}', { scale });
  return (values) => values.map((value) => value * scale);
}
`;
}

function test(unit: string, symbol: string): string {
  return `import { expect, test } from 'vitest';
import { ${symbol} } from './${unit}.ts';

test('multiplies every value by the scale', () => {
  expect([...${symbol}({ scale: 2 })(Float32Array.of(1, 2))]).toEqual([2, 4]);
});

test('says what is wrong with a scale', () => {
  expect(() => ${symbol}({ scale: Number.NaN })).toThrow(
    '${unit}: scale must be a finite number, but got NaN. Leave scale out to use the default. [ERR_OPTION]',
  );
});
`;
}
