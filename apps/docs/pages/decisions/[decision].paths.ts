import { decisions, pageOf, titleOf } from '../../.vitepress/build/repository.ts';

interface Path {
  readonly params: { readonly decision: string };
  readonly content: string;
}

const list = decisions.map((name) => `- [${titleOf(`docs/decisions/${name}.md`)}](/decisions/${name})`).join('\n');
const index = `# Decisions\n\nWhy things are as they are, half a page each: the question, what was decided, what was weighed.\n\n${list}\n`;

export default {
  watch: ['../../../../docs/decisions/*.md'] as const,
  paths: (): Path[] => [
    { params: { decision: 'index' }, content: index },
    ...decisions.map((decision) => ({
      params: { decision },
      content: pageOf(`docs/decisions/${decision}.md`, 'decisions'),
    })),
  ],
};
