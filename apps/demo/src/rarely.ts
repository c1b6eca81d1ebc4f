/** Share of the time that a look at the model may take. */
const SHARE = 0.2;
/** Milliseconds between two looks at least: the eye follows no more. */
const LEAST = 300;

/** Runs an action when it is called, but no more often than takes a fifth of the time; else does nothing. */
export function rarely(act: () => Promise<void>, now: () => number = () => performance.now()): () => Promise<void> {
  let next = -Infinity;
  return async () => {
    const begun = now();
    if (begun < next) return;
    await act();
    const ended = now();
    next = ended + Math.max(LEAST, (ended - begun) * (1 / SHARE - 1));
  };
}
