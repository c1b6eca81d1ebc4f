// The two test projects every package has: node (src/**/*.test.ts) and browser (src/**/*.browser.test.ts).
import { playwright } from '@vitest/browser-playwright';
import { browser } from './browser.mjs';

const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
// A unit run must not unpack a browser, so the project exists only when asked for: vitest run --project browser.
const wantsBrowser = process.argv.includes('browser');
const source = { resolve: { conditions: ['source', 'module', 'browser', 'development|production'] } };

export const projects = [
  {
    resolve: { conditions: ['source'] },
    ssr: { resolve: { conditions: ['source'] } },
    test: {
      name: 'node',
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      exclude: ['**/*.browser.test.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  },
  ...(wantsBrowser
    ? [
        {
          ...source,
          server: { headers: isolation },
          test: {
            name: 'browser',
            include: ['src/**/*.browser.test.ts', 'test/**/*.browser.test.ts'],
            testTimeout: 120_000,
            hookTimeout: 120_000,
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({ launchOptions: { ...(await browser()), timeout: 60_000 } }),
              instances: [{ browser: 'chromium' }],
            },
          },
        },
      ]
    : []),
];
