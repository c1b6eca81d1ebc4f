import { unitsPage } from '../units/table-page.ts';

interface Path {
  readonly params: { readonly units: string };
  readonly content: string;
}

export default {
  paths: (): Path[] => [{ params: { units: 'units' }, content: unitsPage() }],
};
