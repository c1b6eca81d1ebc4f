/** Colours that stay apart in every common colour blindness (Okabe & Ito, 2008), darkened where white needs it. */
export const classColors: readonly string[] = ['#0072b2', '#d55e00', '#009e73', '#aa4499', '#b8860b', '#56b4e9'];

/** Colours of pairs that the loss draws together, and of those that it drives apart. */
export const pairColors = { pull: '#0072b2', push: '#d55e00' } as const;

/** A class is seen by its form too: outlines around the origin, some 6 units across. */
export const classForms: readonly string[] = [
  'M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0Z',
  'M-5.2-5.2h10.4v10.4h-10.4Z',
  'M0-6.8L6.2 4.4H-6.2Z',
  'M0-7L7 0L0 7L-7 0Z',
  'M-2-6.5h4v4.5h4.5v4h-4.5v4.5h-4v-4.5h-4.5v-4h4.5Z',
  'M0 6.8L6.2-4.4H-6.2Z',
];

/** Names of those forms, for readers of screens. */
export const formNames: readonly string[] = ['circle', 'square', 'triangle', 'diamond', 'cross', 'wedge'];
