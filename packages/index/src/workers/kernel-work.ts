/** Work to deal out: `count` things in chunks, or so many parts. */
export type KernelWork = (
  | { readonly count: number; readonly chunk: number; readonly parts?: never }
  | { readonly parts: number; readonly count?: never; readonly chunk?: never }
) & {
  readonly signal?: AbortSignal | undefined;
  /** Told now and then how many chunks have been taken. */
  readonly onProgress?: ((taken: number, chunks: number) => void) | undefined;
};
