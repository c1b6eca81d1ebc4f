import type { BackendReport } from '@simile/core/backend';
import type { Program } from '../output.ts';

/** What the worker offers to the modules of the site, which are bundled with stand-ins that know it. */
export interface SimileSandbox {
  /** What the reader chose. */
  readonly backend: Program['backend'];
  reportBackend(report: BackendReport): void;
  /** `import()` of a script of the site, by file name. */
  importScript(file: string): Promise<unknown>;
  /** Bytes of a buffer of the GPU at once; undefined where there is no shared memory. */
  readonly readBuffer: ((buffer: object) => { buffer: ArrayBuffer }) | undefined;
}

declare global {
  // A global of another realm: the worker sets it before any module comes.
  var simileSandbox: SimileSandbox;
}
