import type { Job } from '../protocol.ts';
import { compile, type CompiledFile, type ProgramProblem } from './compile.ts';

/** A program as modules that can be imported. */
export interface LinkedProgram {
  /** Address of the file to run. */
  readonly entry: string;
  /** Addresses of the modules of the site that it imports. */
  readonly modules: readonly string[];
  /** Their names. */
  readonly specifiers: ReadonlySet<string>;
}

/** What {@link linkProgram} takes. */
export interface LinkProgramOptions {
  readonly program: Job['program'];
  /** Script of each module. */
  readonly specifiers: Job['specifiers'];
  /** Takes the file name of each address that is made. */
  readonly names: Map<string, string>;
  /** Has scripts of the site put in place, and answers their addresses. */
  readonly addressesOf: (files: readonly string[]) => Promise<Readonly<Record<string, string>>>;
}

/**
 * Makes each file of a program a module whose imports are addresses: of its other files, and of scripts of the site.
 *
 * @returns The program, or what keeps it from being run
 */
export async function linkProgram(options: LinkProgramOptions): Promise<LinkedProgram | ProgramProblem> {
  const { program, specifiers, names, addressesOf } = options;
  const compiled = new Map<string, CompiledFile>();
  const modules = new Set<string>();
  const order: string[] = [];

  const visit = (file: string, path: readonly string[]): ProgramProblem | undefined => {
    if (compiled.has(file)) return undefined;
    const found = compile(file, program.files[file]!, `simileImport(${JSON.stringify(file)})`);
    if (!('code' in found)) return found;
    for (const { specifier, line } of found.imports) {
      if (isRelative(specifier)) {
        const other = resolve(file, specifier, program.files);
        if (other === undefined) return { message: `There is no file ${specifier}.`, file, line };
        if (other === file || path.includes(other)) {
          return { message: `${other} and ${file} import each other, which files cannot do here.`, file, line };
        }
        const problem = visit(other, [...path, file]);
        if (problem) return problem;
      } else if (specifier in specifiers) modules.add(specifier);
      else return { message: unknownModule(specifier, specifiers), file, line };
    }
    compiled.set(file, found);
    order.push(file);
    return undefined;
  };
  if (!(program.entry in program.files)) return { message: `There is no file ${program.entry}.`, file: program.entry };
  const entries = [program.entry];
  for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
    const problem = visit(entry, []);
    if (problem) return problem;
    // Files that are imported while the program runs are made ready with the others.
    for (const [file, { later }] of compiled) {
      const others = later.filter(isRelative).map((name) => resolve(file, name, program.files));
      for (const other of others) if (other !== undefined && !compiled.has(other)) entries.push(other);
    }
  }

  const scripts = await addressesOf([...modules].map((name) => specifiers[name]!));
  const addresses = new Map<string, string>();
  const addressFrom = (file: string, specifier: string): string =>
    isRelative(specifier) ? addresses.get(resolve(file, specifier, program.files)!)! : scripts[specifiers[specifier]!]!;
  for (const file of order) {
    const { code, imports } = compiled.get(file)!;
    let linked = code;
    for (const { specifier, start, end } of imports.toReversed()) {
      linked = linked.slice(0, start) + addressFrom(file, specifier) + linked.slice(end);
    }
    const address = URL.createObjectURL(new Blob([linked], { type: 'text/javascript' }));
    addresses.set(file, address);
    names.set(address, file);
  }

  Object.assign(globalThis, {
    simileImport: (from: string) => async (specifier: unknown) => {
      const name = String(specifier);
      if (!isRelative(name)) {
        if (!(name in specifiers)) throw new TypeError(unknownModule(name, specifiers));
        return import((await addressesOf([specifiers[name]!]))[specifiers[name]!]!);
      }
      const address = addresses.get(resolve(from, name, program.files) ?? '');
      if (!address) throw new TypeError(`${name} is no file that the program imports.`);
      return import(address);
    },
  });
  return { entry: addresses.get(program.entry)!, modules: Object.values(scripts), specifiers: modules };
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}

/** `./b.ts` as the file `a/c.ts` means it; also without its ending. */
function resolve(from: string, specifier: string, files: Readonly<Record<string, string>>): string | undefined {
  const path = new URL(specifier, `file:///${from}`).pathname.slice(1);
  return [path, `${path}.ts`, path.replace(/\.js$/, '.ts')].find((name) => name in files);
}

function unknownModule(specifier: string, specifiers: Job['specifiers']): string {
  const close = Object.keys(specifiers).find((name) => name.endsWith(specifier) || specifier.endsWith(name));
  const hint = close
    ? ` Is it ${close}?`
    : ' Programs here import simile, @simile/*, @tensorflow/tfjs-* and their own files.';
  return `There is no module ${specifier} here.${hint}`;
}
