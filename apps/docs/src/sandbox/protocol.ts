import type { Ending, Output, Program } from './output.ts';

/** A script on its way into the sandbox. */
export interface Script {
  readonly file: string;
  readonly code: string;
  readonly imports: readonly string[];
}

/** What the frame is told to run. */
export interface Job {
  readonly program: Omit<Program, 'data' | 'answer'>;
  /** Script of each module. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** Text of the worker's script. */
  readonly worker: string;
}

/** From the page to the frame. */
export type ToFrame =
  | { readonly kind: 'run'; readonly run: number; readonly job: Job }
  | { readonly kind: 'stop'; readonly run: number }
  | {
      readonly kind: 'scripts';
      readonly request: number;
      readonly scripts?: readonly Script[];
      readonly problem?: string;
    }
  | { readonly kind: 'data'; readonly request: number; readonly bytes?: Uint8Array; readonly problem?: string }
  | { readonly kind: 'ping' };

/** From the frame to the page. */
export type FromFrame =
  | { readonly kind: 'ready' }
  | { readonly kind: 'want-scripts'; readonly request: number; readonly files: readonly string[] }
  | { readonly kind: 'want-data'; readonly request: number; readonly name: string }
  | { readonly kind: 'output'; readonly run: number; readonly output: Output }
  | { readonly kind: 'ended'; readonly run: number; readonly ending: Ending }
  | { readonly kind: 'pong' };

/** From the frame to the worker. */
export type ToWorker =
  | { readonly kind: 'run'; readonly job: Omit<Job, 'worker'>; readonly gpu: boolean }
  | {
      readonly kind: 'scripts';
      readonly request: number;
      readonly addresses?: Readonly<Record<string, string>>;
      readonly problem?: string;
    }
  | { readonly kind: 'data'; readonly request: number; readonly bytes?: Uint8Array; readonly problem?: string }
  | { readonly kind: 'gpu'; readonly answer: GpuAnswer };

/** From the worker to the frame. */
export type FromWorker =
  | { readonly kind: 'want-scripts'; readonly request: number; readonly files: readonly string[] }
  | { readonly kind: 'want-data'; readonly request: number; readonly name: string }
  | { readonly kind: 'output'; readonly output: Output }
  | { readonly kind: 'ended'; readonly ending: 'done' | 'error' }
  | { readonly kind: 'gpu'; readonly commands: readonly GpuCommand[] };

/** One call on an object of the GPU, which lives in the frame. Objects in arguments are `{ gpu: id }`. */
export interface GpuCommand {
  /** The object; 0 is `navigator.gpu`. */
  readonly on: number;
  readonly call: string;
  readonly with: readonly unknown[];
  /** Number under which the result is kept. */
  readonly as?: number;
  /** Number of the answer that is waited for. */
  readonly answer?: number;
}

export type GpuAnswer =
  | { readonly answer: number; readonly value?: unknown; readonly problem?: string }
  /** An error that no call waited for. */
  | { readonly lost: string };
