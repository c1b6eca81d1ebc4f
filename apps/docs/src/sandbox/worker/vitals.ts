import type { Vitals } from '../output.ts';

/** What a program holds. Counts WASM memories that come from now on. */
export function watchVitals(): () => Vitals {
  const memories: WeakRef<WebAssembly.Memory>[] = [];
  const keep = (values: unknown): void => {
    if (typeof values !== 'object' || values === null) return;
    for (const value of Object.values(values)) {
      if (value instanceof WebAssembly.Memory) {
        if (!memories.some((memory) => memory.deref() === value)) memories.push(new WeakRef(value));
      } else if (value?.constructor === Object) keep(value);
    }
  };
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = (async (source: WebAssembly.Module, imports?: WebAssembly.Imports) => {
    const result = await instantiate(source, imports);
    keep(imports);
    keep(
      'instance' in result
        ? (result as unknown as WebAssembly.WebAssemblyInstantiatedSource).instance.exports
        : result.exports,
    );
    return result;
  }) as typeof WebAssembly.instantiate;
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, args: [WebAssembly.Module, WebAssembly.Imports?]) {
      const made = new target(...args);
      keep(args[1]);
      keep(made.exports);
      return made;
    },
  });
  return () => {
    const { numTensors = 0, numBytes = 0 } = globalThis._tfengine?.state ?? {};
    const wasmBytes = memories.reduce((sum, memory) => sum + (memory.deref()?.buffer.byteLength ?? 0), 0);
    return { tensors: numTensors, tensorBytes: numBytes, wasmBytes };
  };
}
