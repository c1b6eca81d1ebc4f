import { packages, pageOf, packagesTable, slugOf } from '../../.vitepress/build/repository.ts';

interface Path {
  readonly params: { readonly package: string };
  readonly content: string;
}

const index = `# Packages

Each works alone. \`simile\` is all of them under one name; take single ones where size matters.

${packagesTable()}
`;

export default {
  watch: ['../../../../packages/*/README.md'] as const,
  paths: (): Path[] => [
    { params: { package: 'index' }, content: index },
    ...packages.map((name) => ({
      params: { package: slugOf(name) },
      content: pageOf(`packages/${name}/README.md`, 'packages'),
    })),
  ],
};
