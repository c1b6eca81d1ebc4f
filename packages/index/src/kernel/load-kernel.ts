import { SimileError } from '@simile/core/errors';

/** Builds of a kernel, best first: `scalar` needs no SIMD and gives the same answers, slower. */
export type KernelName = 'relaxed-simd' | 'simd' | 'scalar';

/** The builds there are of one kernel, as base64. */
export type KernelBuilds = Readonly<Partial<Record<KernelName, string>>>;

/** A compiled kernel, to be instantiated on any number of memories. */
export interface Kernel {
  readonly name: KernelName;
  readonly module: WebAssembly.Module;
  /** Whether the memory it takes is a shared one. */
  readonly shared: boolean;
}

const ORDER: readonly KernelName[] = ['relaxed-simd', 'simd', 'scalar'];
// Compiled once a process.
const compiled = new Map<string, Promise<WebAssembly.Module | undefined>>();

/**
 * The best build of a kernel that this host can run, or the one asked for.
 *
 * @param shared Whether it is to take a shared memory: the same code, another declaration of its import
 * @throws `ERR_BACKEND` when none of them compiles here
 */
export async function loadKernel(
  where: string,
  builds: KernelBuilds,
  { kernel = 'auto', shared = false }: { readonly kernel?: KernelName | 'auto'; readonly shared?: boolean } = {},
): Promise<Kernel> {
  for (const name of kernel === 'auto' ? ORDER : [kernel]) {
    const base64 = builds[name];
    if (base64 === undefined) continue;
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

async function compile(base64: string, shared: boolean): Promise<WebAssembly.Module | undefined> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  if (shared) declareShared(bytes);
  try {
    return await WebAssembly.compile(bytes);
  } catch {
    return undefined; // no WebAssembly, no SIMD, or not this kind
  }
}

/** Turns the declaration of the imported memory, the only import, into that of a shared one with the same limits. */
function declareShared(bytes: Uint8Array): void {
  let at = 8;
  while (bytes[at] !== 2) at = skipSection(bytes, at);
  at = afterNumber(bytes, at + 1) + 1; // id, size, count of imports
  for (let name = 0; name < 2; name++) at += 1 + bytes[at]!; // module and field, each shorter than 128
  bytes[at + 1] = 3; // after the kind, the flags: has a maximum (1) and is shared (2)
}

function skipSection(bytes: Uint8Array, at: number): number {
  const begin = afterNumber(bytes, at + 1);
  let size = 0;
  for (let i = begin - 1; i > at; i--) size = size * 128 + (bytes[i]! & 127);
  return begin + size;
}

/** The place after a LEB128 number. */
function afterNumber(bytes: Uint8Array, at: number): number {
  let end = at;
  while (bytes[end]! > 127) end++;
  return end + 1;
}
