import { SimileError } from '@simile/core/errors';
import { declareShared } from './declare-shared.ts';
import { readKernelSource, type WasmOption } from './kernel-source.ts';

/** Builds of a kernel, best first: `scalar` needs no SIMD and gives the same answers, slower. */
export type KernelName = 'relaxed-simd' | 'simd' | 'scalar';

/** The builds there are of one kernel, as base64. */
export type KernelBuilds = Readonly<Partial<Record<KernelName, string>>> & {
  /** Name of the kernel: `hnsw`. */
  readonly id?: string;
};

/** A compiled kernel, to be instantiated on any number of memories. */
export interface Kernel {
  readonly name: KernelName;
  readonly module: WebAssembly.Module;
  /** Whether the memory it takes is a shared one. */
  readonly shared: boolean;
}

/** What {@link loadKernel} may be told. */
export interface LoadKernelOptions {
  readonly kernel?: KernelName | 'auto' | undefined;
  /** Whether it is to take a shared memory: the same code, another declaration of its import. */
  readonly shared?: boolean | undefined;
  /** In place of the builds. A module that was compiled elsewhere is as it is: see `shared` of what comes back. */
  readonly wasm?: WasmOption;
}

const ORDER: readonly KernelName[] = ['relaxed-simd', 'simd', 'scalar'];
// Compiled once a process.
const compiled = new Map<string, Promise<WebAssembly.Module | undefined>>();

/**
 * The best build of a kernel that this host can run, or the one asked for.
 *
 * @throws `ERR_BACKEND` when none of them compiles here; `ERR_FILE` when what `wasm` names cannot be read; `ERR_OPTION`
 *   when it is no kernel of ours, or another
 */
export async function loadKernel(
  where: string,
  builds: KernelBuilds,
  { kernel = 'auto', shared = false, wasm }: LoadKernelOptions = {},
): Promise<Kernel> {
  for (const name of kernel === 'auto' ? ORDER : [kernel]) {
    const base64 = builds[name];
    if (base64 === undefined) continue;
    if (wasm !== undefined && !WebAssembly.validate(ABILITIES[name])) continue;
    if (wasm !== undefined) return loadGiven(where, builds.id ?? '', name, wasm, shared);
    const key = `${shared} ${base64}`;
    let found = compiled.get(key);
    if (!found) compiled.set(key, (found = compile(base64, shared)));
    const module = await found;
    if (module) return { name, module, shared };
  }
  throw new SimileError({
    where,
    rule: `kernel ${kernel} must be one that this host can compile`,
    got: kernel,
    remedy: "Leave kernel out: 'auto' takes the best there is.",
    code: 'ERR_BACKEND',
  });
}

/** Smallest modules that need what a build needs: a function of one instruction of its kind. */
const ABILITIES: Readonly<Record<KernelName, Uint8Array<ArrayBuffer>>> = {
  'relaxed-simd': testModule(0xfd, 0x80, 0x02), // i8x16.relaxed_swizzle
  simd: testModule(0xfd, 0x0e), // i8x16.swizzle
  scalar: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0),
};

/** `(v128, v128) → v128` by one instruction. */
function testModule(...instruction: number[]): Uint8Array<ArrayBuffer> {
  const body = [0, 0x20, 0, 0x20, 1, ...instruction, 0x0b];
  const code = [1, body.length, ...body];
  const header = [0, 97, 115, 109, 1, 0, 0, 0];
  const types = [1, 7, 1, 0x60, 2, 0x7b, 0x7b, 1, 0x7b];
  const functions = [3, 2, 1, 0];
  return Uint8Array.from([header, types, functions, [10, code.length, ...code]].flat());
}

async function compile(base64: string, shared: boolean): Promise<WebAssembly.Module | undefined> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  if (shared) declareShared(bytes);
  try {
    return await WebAssembly.compile(bytes);
  } catch {
    return undefined; // no WebAssembly, no SIMD, or not this kind
  }
}

/** A kernel from where the caller says, once it is sure that it is one. */
async function loadGiven(
  where: string,
  id: string,
  wanted: KernelName,
  wasm: NonNullable<WasmOption>,
  shared: boolean,
): Promise<Kernel> {
  const source = await readKernelSource(where, wasm, `${id}.${wanted}.wasm`);
  if (source instanceof WebAssembly.Module) return { name: nameOf(where, id, source), module: source, shared: false };
  const module = await compileGiven(where, source);
  const name = nameOf(where, id, module);
  if (!shared) return { name, module, shared };
  declareShared(source);
  return { name, module: await compileGiven(where, source), shared };
}

async function compileGiven(where: string, bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    const rule = `wasm must hold a kernel that this host can compile (${(cause as Error).message})`;
    const remedy = 'Leave wasm out to use the bytes inside the package.';
    throw new SimileError({ where, rule, remedy, code: 'ERR_BACKEND', cause });
  }
}

/** Name of the build, as scripts/wasm.mjs notes it in a section of the module. @throws `ERR_OPTION` for any other module */
function nameOf(where: string, id: string, module: WebAssembly.Module): KernelName {
  const [section] = WebAssembly.Module.customSections(module, 'simile');
  const note = section ? String.fromCharCode(...new Uint8Array(section)) : 'a module without a note';
  const name = ORDER.find((build) => note === `${id} ${build}`);
  if (name) return name;
  throw new SimileError({
    where,
    rule: `wasm must be the kernel ${id}`,
    got: note,
    remedy: `Pass @simile/index/wasm/${id}.simd.wasm of this version, or leave wasm out.`,
    code: 'ERR_OPTION',
  });
}
