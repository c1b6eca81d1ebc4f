import type ts from 'typescript';
import { compilerOptions } from '../declarations/compiler-options.ts';
import type { Declarations } from '../declarations/gather-declarations.ts';

/** Files of a program and declarations beside them, as the compiler's language service asks for them. */
export interface ProgramHost extends ts.LanguageServiceHost {
  /** Replaces the files of the program, by name: `main.ts`. */
  setFiles(files: Readonly<Record<string, string>>): void;
}

/** Folder that the files of a program lie in, beside `node_modules`. */
export const programFolder = '/';

/** A host in memory. Declarations never change; files of the program count up a version whenever their text changes. */
export function programHost(typescript: typeof ts, declarations: Declarations): ProgramHost {
  const settled = new Map(Object.entries(declarations));
  const folders = new Map<string, Set<string>>();
  for (const path of settled.keys()) addFolders(folders, path);
  let files = new Map<string, { text: string; version: number }>();
  let version = 0;

  const textOf = (path: string): string | undefined => files.get(path)?.text ?? settled.get(path);
  return {
    setFiles: (next) => {
      const entries = Object.entries(next).map(([name, text]) => {
        const path = programFolder + name.replace(/^\.?\//, '');
        const known = files.get(path);
        return [path, known?.text === text ? known : { text, version: (version += 1) }] as const;
      });
      if (entries.length !== files.size) version += 1;
      files = new Map(entries);
    },
    getProjectVersion: () => String(version),
    getCompilationSettings: () => compilerOptions(typescript),
    getScriptFileNames: () => [...files.keys()].filter((path) => /\.[cm]?tsx?$/.test(path)),
    getScriptVersion: (path) => String(files.get(path)?.version ?? 0),
    getScriptSnapshot: (path) => {
      const text = textOf(path);
      return text === undefined ? undefined : typescript.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => programFolder,
    getDefaultLibFileName: (options) => programFolder + typescript.getDefaultLibFileName(options),
    fileExists: (path) => files.has(path) || settled.has(path),
    readFile: textOf,
    directoryExists: (path) => path === programFolder || folders.has(path.replace(/\/$/, '')),
    getDirectories: (path) => [...(folders.get(path.replace(/\/$/, '')) ?? [])],
    useCaseSensitiveFileNames: () => true,
  };
}

/** Notes each folder above a path as a part of the one above it. */
function addFolders(folders: Map<string, Set<string>>, path: string): void {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const above = path.slice(0, path.lastIndexOf('/', end - 1));
    if (!folders.has(path.slice(0, end))) folders.set(path.slice(0, end), new Set());
    const parts = folders.get(above) ?? new Set();
    folders.set(above, parts.add(path.slice(above.length + 1, end)));
  }
}
