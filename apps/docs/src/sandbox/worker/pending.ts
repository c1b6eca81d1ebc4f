/** Counts what a program waits for, so that one knows when it is over. */
export interface Pending {
  /** Resolves once no timer runs and no file is on its way. */
  over(): Promise<void>;
}

/** What is counted, of a window or worker. */
export interface TimerRealm {
  setTimeout(act: TimerHandler, delay?: number, ...args: unknown[]): number;
  setInterval(act: TimerHandler, delay?: number, ...args: unknown[]): number;
  clearTimeout(timer?: number): void;
  clearInterval(timer?: number): void;
  fetch(...args: Parameters<typeof fetch>): Promise<Response>;
}

/** Counts timers and fetches of a realm from now on. Put in place before the program comes. */
export function watchPending(realm: TimerRealm): Pending {
  const timers = new Set<number>();
  let fetches = 0;
  let tell: (() => void) | undefined;
  const changed = (): void => {
    if (timers.size === 0 && fetches === 0) tell?.();
  };
  const later = realm.setTimeout.bind(realm);
  const often = realm.setInterval.bind(realm);
  const never = realm.clearTimeout.bind(realm);
  const get = realm.fetch.bind(realm);

  realm.setTimeout = (act, delay, ...args) => {
    const timer: number = later(() => {
      timers.delete(timer);
      try {
        if (typeof act === 'function') act(...args);
      } finally {
        changed();
      }
    }, delay);
    timers.add(timer);
    return timer;
  };
  realm.setInterval = (act, delay, ...args) => {
    const timer = often(act, delay, ...args);
    timers.add(timer);
    return timer;
  };
  // Either ends timers of both kinds.
  realm.clearTimeout = realm.clearInterval = (timer) => {
    never(timer);
    timers.delete(timer!);
    changed();
  };
  realm.fetch = async (...args) => {
    fetches++;
    try {
      return await get(...args);
    } finally {
      fetches--;
      // What the answer starts comes first.
      later(changed, 0);
    }
  };

  return {
    async over() {
      for (;;) {
        // Promises that are due settle within a turn.
        await new Promise<void>((resolve) => later(() => resolve(), 0));
        if (timers.size === 0 && fetches === 0) return;
        await new Promise<void>((resolve) => (tell = resolve));
      }
    },
  };
}
