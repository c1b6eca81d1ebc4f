/** What the page tells the programs that it runs; it puts a file of its own in the place of this one. */
export const settings: { readonly mark: string; readonly backends: readonly string[] } = {
  mark: 'judge:',
  backends: ['cpu'],
};
