import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';

const theme: Theme = { extends: DefaultTheme };
export default theme;
