// The two test projects of a package: node (src/**/*.test.ts) and browser (src/**/*.browser.test.ts).
import { readFileSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import { browser } from './browser.mjs';

const MINUTE = 60_000;

// pnpm mutate: another text in the place of a unit, which stays as it is on disk.
const mutant = {
  name: 'mutant',
  enforce: 'pre',
  load: (id) =>
    id.split('?')[0] === process.env.MUTANT_OF ? readFileSync(process.env.MUTANT_TEXT, 'utf8') : undefined,
};

const node = {
  plugins: process.env.MUTANT_OF ? [mutant] : [],
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    name: 'node',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/*.browser.test.ts'],
    testTimeout: MINUTE,
    hookTimeout: MINUTE,
  },
};

const inBrowser = () => ({
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  // Shared memory, and with it threads, exists only on pages isolated by these.
  server: { headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' } },
  test: {
    name: 'browser',
    include: ['src/**/*.browser.test.ts', 'test/**/*.browser.test.ts'],
    testTimeout: 2 * MINUTE,
    hookTimeout: 2 * MINUTE,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: browser() }),
      instances: [{ browser: 'chromium' }],
    },
  },
});

// A unit run must not unpack a browser: the project exists only when asked for, by `vitest run --project browser`.
const wantsBrowser = process.argv.includes('browser');
if (wantsBrowser) stopAfter(10 * MINUTE);

export const projects = wantsBrowser ? [node, inBrowser()] : [node];

/** A browser that hangs must not hang the run. */
function stopAfter(milliseconds) {
  const stop = () => {
    console.error(`browser tests took longer than ${milliseconds / MINUTE} minutes: stopped`);
    process.exit(1);
  };
  setTimeout(stop, milliseconds).unref();
}
