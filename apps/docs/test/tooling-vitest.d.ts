declare module '@tooling/vitest/browser' {
  import type { LaunchOptions } from 'playwright';
  export function browser(): LaunchOptions;
}
