import { programText } from './program-text.ts';

/** A loss to begin from. */
export interface Template {
  readonly id: string;
  readonly title: string;
  readonly code: string;
}

const loss = programText('loss.ts');

/** The losses that the judge offers to begin from, the one that is right first. */
export const templates: readonly Template[] = [
  { id: 'contrastive', title: 'Contrastive, and right', code: loss },
  {
    id: 'mistake',
    title: 'The same with a mistake',
    code: loss
      .replaceAll('meanOfValid', 'meanOfAll')
      .replace(
        /\/\*\* The loss\. Put yours.*\*\//,
        '/** A loss with a mistake: do you see it before the judge does? */',
      ),
  },
];
