/** What `modules/build.ts` has made, and the site serves in `modules/`. */
export interface Manifest {
  /** File of each module that a program may import by name. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** Each script, and which others it needs. */
  readonly scripts: Readonly<Record<string, ScriptFile>>;
  /** Files that a program may fetch, by the name it asks for: data sets, and the WASM of tfjs. */
  readonly data: Readonly<Record<string, DataFile>>;
  /** The script of the sandbox's frame. */
  readonly frame: string;
  /** The script of the worker in it. */
  readonly worker: string;
}

/** A script whose imports are names of other scripts, as `"./name.js"`. */
export interface ScriptFile {
  /** Scripts that must be there before this one. */
  readonly imports: readonly string[];
  /** Of the file as served. */
  readonly bytes: number;
  /** Of the same, packed by gzip. */
  readonly packedBytes: number;
}

export interface DataFile {
  readonly file: string;
  readonly bytes: number;
}
