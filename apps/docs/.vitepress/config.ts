import { defineConfig, type UserConfig } from 'vitepress';

const config: UserConfig = defineConfig({
  title: 'Simile',
  description: 'Similarity learning for TypeScript on TensorFlow.js.',
  lang: 'en-GB',
  base: process.env['DOCS_BASE'] ?? '/',
  srcDir: 'pages',
  outDir: 'dist',
  markdown: { math: true },
  themeConfig: {
    search: { provider: 'local' },
    nav: [{ text: 'Start here', link: '/start' }],
  },
});
export default config;
