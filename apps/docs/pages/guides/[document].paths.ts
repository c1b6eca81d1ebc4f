import { documents, pageOf } from '../../.vitepress/build/repository.ts';
import { supportPage } from '../../.vitepress/build/support-page.ts';

interface Path {
  readonly params: { readonly document: string };
  readonly content: string;
}

export default {
  watch: ['../../../../docs/*.md'] as const,
  paths: (): Path[] => [
    ...documents.map((document) => ({ params: { document }, content: pageOf(`docs/${document}.md`, 'guides') })),
    { params: { document: 'support' }, content: supportPage() },
  ],
};
