/**
 * Runs an action on the newest argument, never two at a time: what comes while one is under way waits `pause`
 * milliseconds after it, and gives way to what comes later.
 */
export function newestOnly<T>(act: (argument: T) => Promise<void>, pause = 0): (argument: T) => void {
  let waiting: { argument: T } | undefined;
  let busy = false;
  const run = async (): Promise<void> => {
    busy = true;
    try {
      while (waiting) {
        const { argument } = waiting;
        waiting = undefined;
        await act(argument);
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    } finally {
      busy = false;
    }
  };
  return (argument) => {
    waiting = { argument };
    if (!busy) void run();
  };
}
