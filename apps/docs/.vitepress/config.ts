import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'vitepress';
import { notFoundPage } from './build/not-found-page.ts';
import { madeUpBase, relocate } from './build/relocate.ts';
import { shrinkPictures } from './build/shrink-pictures.ts';
import { writeSearchIndex } from './build/search-index.ts';
import { decisionsSidebar, packagesSidebar, sidebar } from './build/sidebar.ts';
import { readableFormulas } from './build/readable-formulas.ts';
import { weigh, weightTable } from './build/weigh.ts';
import { unitsSidebar } from '../units/sidebar.ts';

const builds = process.env['NODE_ENV'] === 'production' || process.argv.includes('build');

const config: UserConfig = defineConfig({
  title: 'Simile',
  description: 'Similarity learning for TypeScript on TensorFlow.js.',
  lang: 'en-GB',
  base: builds ? madeUpBase : '/',
  srcDir: 'pages',
  outDir: 'dist',
  router: { prefetchLinks: false },
  markdown: {
    math: true,
    image: { lazyLoading: true },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // The anchors of error codes are the codes.
    anchor: { slugify },
    config: readableFormulas,
  },
  vite: {
    worker: { format: 'es' },
    build: { chunkSizeWarningLimit: 4000 },
  },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Start here', link: '/start' },
      { text: 'Guides', link: '/guides/choosing-a-loss', activeMatch: '^/guides/' },
      { text: 'Units', link: '/units' },
      { text: 'Loss lab', link: '/loss-lab' },
      { text: 'Playground', link: '/playground' },
    ],
    sidebar: { '/': sidebar, '/decisions/': decisionsSidebar, '/packages/': packagesSidebar, ...unitsSidebar() },
    outline: { level: [2, 3] },
    docFooter: { prev: 'Before', next: 'Next' },
    externalLinkIcon: true,
  },
  async buildEnd({ outDir }) {
    await shrinkPictures(outDir);
    writeSearchIndex(outDir, madeUpBase);
    relocate(outDir);
    writeFileSync(join(outDir, '404.html'), notFoundPage);
    const weights = weigh(outDir);
    writeFileSync(join(outDir, 'weights.json'), JSON.stringify(weights, null, 2));
    console.log(weightTable(weights));
  },
});
export default config;

function slugify(heading: string): string {
  if (/^ERR_[A-Z]+$/.test(heading)) return heading;
  const words = heading
    .normalize('NFKD')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? ['section'];
  return words.join('-').replace(/^(?=\d)/, '_');
}
