import type { BackendReport } from '@simile/core/backend';

/** One argument of `console.log`, as it is shown. `text` is what Node prints for it. */
export type Shown =
  | { readonly kind: 'text'; readonly text: string }
  /** An object, as text. */
  | { readonly kind: 'value'; readonly text: string }
  | ShownTable
  | ShownPicture;

/** A tensor, a typed array, rows of numbers or records. */
export interface ShownTable {
  readonly kind: 'table';
  readonly text: string;
  /** What it is: `Tensor float32 [2, 3]`. */
  readonly caption: string;
  /** Heads of the columns, that of the row heads first. */
  readonly columns: readonly string[];
  /** Cells as text, the head of the row first; only the first rows and columns of a large table. */
  readonly rows: readonly (readonly string[])[];
  /** What is left out, in words; empty when nothing is. */
  readonly more: string;
}

/** A picture of `@simile/visualization`. */
export interface ShownPicture {
  readonly kind: 'picture';
  readonly text: string;
  /** Text of an SVG document that a program made: to be shown as an image, never as part of the page. */
  readonly svg: string;
  readonly title: string;
  readonly description: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** What a program in the sandbox gives while it runs. */
export type Output =
  | {
      readonly kind: 'console';
      readonly level: 'log' | 'info' | 'warn' | 'error';
      readonly parts: readonly Shown[];
      /** Milliseconds since the program began. */
      readonly at: number;
      /** How deep in `console.group`. */
      readonly depth: number;
      /** File and line of the program that printed it, from 1; not known for what a package prints later. */
      readonly file?: string;
      readonly line?: number;
    }
  /** An object with `done` and `total` that was logged, or a file on its way; one bar a label. */
  | { readonly kind: 'progress'; readonly label: string; readonly done: number; readonly total: number }
  /** The program chose a backend. */
  | { readonly kind: 'backend'; readonly report: BackendReport; readonly isolated: boolean }
  /** What it holds now; comes while it runs and lets go. */
  | ({ readonly kind: 'vitals'; readonly milliseconds: number } & Vitals)
  | {
      readonly kind: 'done';
      readonly milliseconds: number;
      readonly tensorsBefore: number;
      readonly tensorsAfter: number;
      /** Name of the tfjs backend in use; empty for a program without tensors. */
      readonly backend: string;
    }
  | {
      readonly kind: 'error';
      readonly message: string;
      /** File of the program, for an error in one. */
      readonly file?: string;
      /** From 1. */
      readonly line?: number;
      /** From 1. */
      readonly column?: number;
      readonly stack?: string;
    };

export interface Vitals {
  /** Live tensors. */
  readonly tensors: number;
  /** Bytes of their values. */
  readonly tensorBytes: number;
  /** Bytes of WASM memories. */
  readonly wasmBytes: number;
}

/** A program and what it runs with. */
export interface Program {
  /** TypeScript by file name; files import each other as `./name.ts`. */
  readonly files: Readonly<Record<string, string>>;
  /** Name of the file to run. */
  readonly entry: string;
  /** What `selectBackend()` takes where the program does not say. */
  readonly backend: 'auto' | 'wasm' | 'webgl' | 'webgpu' | 'cpu';
  /** Files that the program may fetch by these names, besides those of the site. */
  readonly data?: Readonly<Record<string, Uint8Array>>;
  /** Asked for a file that neither `data` nor the site has, by the name that the program fetches; it may take its time. */
  readonly answer?: (name: string) => Promise<Uint8Array | undefined>;
}

/** How a run ended. */
export type Ending = 'done' | 'error' | 'stopped';
