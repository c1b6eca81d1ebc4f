import { apiIndexPage, apiPages } from '../../units/api-reference.ts';

interface Path {
  readonly params: { readonly module: string };
  readonly content: string;
}

export default {
  async paths(): Promise<Path[]> {
    const pages = { index: apiIndexPage(), ...(await apiPages()) };
    return Object.entries(pages).map(([module, content]) => ({ params: { module }, content }));
  },
};
