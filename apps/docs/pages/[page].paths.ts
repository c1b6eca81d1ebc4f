import { firstPages, type FirstPage } from '../.vitepress/build/first-pages.ts';

export default {
  watch: ['../../../README.md', '../../../CONTRIBUTING.md', '../../../docs/errors.md'] as const,
  paths: (): FirstPage[] => firstPages(),
};
