import { projects } from '@tooling/vitest';
import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** Builds the page, serves it and clicks through it in a real browser: minutes, so only when asked for. */
const clickThrough = {
  test: {
    name: 'click-through',
    include: ['test/**/*.click.ts'],
    testTimeout: 6 * MINUTE,
    hookTimeout: 2 * MINUTE,
    fileParallelism: false,
    retry: 1, // a browser that is starved of its processor comes late; what is broken fails twice
  },
};

export default defineConfig({ test: { projects: [...projects, clickThrough] } });
