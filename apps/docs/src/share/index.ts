export { fromLink, toLink } from './link.ts';
export { shareButton, type ShareButton } from './share-button.ts';
export type { Shared } from './shared.ts';
