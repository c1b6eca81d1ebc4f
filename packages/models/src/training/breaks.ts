/**
 * Gives the event loop its turn when the last one is more than `milliseconds` ago, so that a page stays live and signals
 * arrive while we work. Works in Node, window and worker, in background tabs too (no animation frames).
 */
export function makeBreaks(milliseconds = 20): () => Promise<boolean> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < milliseconds) return false;
    await turn();
    last = performance.now();
    return true;
  };
}

/** One turn of the event loop, without the 4 ms that browsers add to nested timers. */
function turn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (act: () => void) => void };
  if (setImmediate) return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
