import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { compilerOptions } from './compiler-options.ts';

/** Declarations by the path that a program in the browser finds them at: `/node_modules/@simile/core/dist/index.d.ts`. */
export type Declarations = Readonly<Record<string, string>>;

/** What a manifest says about where its types are. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly types?: string;
  readonly typings?: string;
  readonly exports?: Exports;
  readonly publishConfig?: { readonly exports?: Exports };
}
type Exports = Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;

/**
 * The declarations that a program needs which imports any entry of some packages: theirs as built, those of what they import, and the
 * compiler's own. The compiler says which files these are; texts are read from disk.
 *
 * @param folder Folder that imports the packages.
 * @param packages Their names. They must be built.
 * @throws an `Error` that names what cannot be found, or one path with two texts (two versions of a package).
 * @example
 * const declarations = gatherDeclarations(process.cwd(), ['@simile/core']);
 * Object.keys(declarations).includes('/node_modules/@simile/core/dist/index.d.ts'); // true
 */
export function gatherDeclarations(folder: string, packages: readonly string[]): Declarations {
  const root = join(folder, 'every-entry.ts');
  const entries = packages.flatMap((name) => entriesOf(manifestAt(join(folder, 'node_modules', name))));
  const text = entries.map((entry) => `import ${JSON.stringify(entry)};`).join('\n');
  const program = programOf(root, text);
  const lost = program.getSemanticDiagnostics(program.getSourceFile(root)!).map(({ messageText }) => messageText);
  const [first] = lost;
  if (first) throw new Error(`${String(first)} Build the packages first: pnpm build`);

  const gathered = new Map<string, string>();
  const manifests = new Set<string>();
  for (const { fileName, text: declaration } of program.getSourceFiles()) {
    if (fileName === root) continue;
    const file = realpathSync(fileName);
    const folderOfPackage = packageFolder(file);
    const manifest = manifestAt(folderOfPackage);
    const path = file.includes('/typescript/lib/lib.')
      ? file.slice(file.lastIndexOf('/'))
      : `/node_modules/${manifest.name}${file.slice(folderOfPackage.length)}`;
    add(gathered, path, declaration.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n'));
    if (!path.startsWith('/lib.')) manifests.add(folderOfPackage);
  }
  for (const at of manifests) {
    const manifest = manifestAt(at);
    add(gathered, `/node_modules/${manifest.name}/package.json`, JSON.stringify(slim(manifest)));
  }
  return Object.fromEntries([...gathered].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names that a program imports: the package's own and those of its sub-paths that have types. */
function entriesOf({ name, exports, publishConfig, types, typings }: Manifest): string[] {
  const offered = publishConfig?.exports ?? exports;
  if (!offered) return types || typings ? [name] : [];
  return Object.entries(offered)
    .filter(([path, target]) => typeof target === 'object' && 'types' in target && !path.includes('*'))
    .map(([path]) => `${name}${path.slice(1)}`);
}

/** A manifest with no more than a compiler asks for. */
function slim({ name, version, types, typings, exports, publishConfig }: Manifest): object {
  const offered = publishConfig?.exports ?? exports;
  return { name, version, types, typings, ...(offered && { exports: offered }) };
}

function programOf(root: string, text: string): ts.Program {
  const options = { ...compilerOptions(ts), noUncheckedSideEffectImports: true };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === root || fileExists(name);
  host.readFile = (name) => (name === root ? text : readFile(name));
  host.getSourceFile = (name, ...how) =>
    name === root ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...how);
  return ts.createProgram([root], options, host);
}

/** The nearest folder above that has a manifest with a name. */
function packageFolder(file: string): string {
  for (let at = dirname(file); at !== dirname(at); at = dirname(at)) {
    try {
      if (manifestAt(at).name) return at;
    } catch {
      // No manifest here: look above.
    }
  }
  throw new Error(`${file} belongs to no package`);
}

function manifestAt(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function add(gathered: Map<string, string>, path: string, text: string): void {
  const known = gathered.get(path);
  if (known !== undefined && known !== text) throw new Error(`there are two versions of ${path}`);
  gathered.set(path, text);
}
