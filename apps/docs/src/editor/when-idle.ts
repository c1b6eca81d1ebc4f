/**
 * Resolves when the page has loaded and its main thread has nothing to do: the time for what nobody waits for.
 *
 * @param patience Milliseconds after which a busy page counts as idle.
 */
export async function whenIdle(patience = 3000): Promise<void> {
  if (document.readyState !== 'complete') {
    await new Promise<void>((resolve) => addEventListener('load', () => resolve(), { once: true }));
  }
  const { requestIdleCallback } = globalThis as Partial<typeof globalThis>; // Safari has none
  await new Promise<void>((resolve) => {
    if (requestIdleCallback) requestIdleCallback(() => resolve(), { timeout: patience });
    else setTimeout(resolve, 500);
  });
}
