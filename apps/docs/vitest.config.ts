import { projects } from '@tooling/vitest';
import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** The built folder, served and clicked through in a real browser: minutes, so only when asked for. */
const clickThrough = {
  test: {
    name: 'click-through',
    include: ['test/**/*.click.ts'],
    testTimeout: 4 * MINUTE,
    hookTimeout: 4 * MINUTE,
    fileParallelism: false,
    retry: 1, // a browser that is starved of its processor comes late; what is broken fails twice
  },
};

export default defineConfig({ test: { projects: [...projects, clickThrough] } });
