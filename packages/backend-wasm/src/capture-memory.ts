/**
 * Runs `start` while watching which modules are instantiated, and returns with its result the memory of the one that is
 * tfjs-backend-wasm: it exports `register_tensor`. For versions that keep their memory from {@link memoryOf}. The
 * functions of `WebAssembly` are their own again afterwards.
 */
export async function captureMemory<T>(start: () => Promise<T>): Promise<{ result: T; memory?: WebAssembly.Memory }> {
  const { instantiate, instantiateStreaming } = WebAssembly;
  let memory: WebAssembly.Memory | undefined;
  const watch = async (call: (...args: never[]) => unknown, args: unknown[]): Promise<unknown> => {
    const made = (await call.apply(WebAssembly, args as never[])) as WebAssembly.WebAssemblyInstantiatedSource;
    const { exports } = made instanceof WebAssembly.Instance ? made : made.instance;
    if ('register_tensor' in exports) memory ??= memoryAmong(exports) ?? memoryAmong(args[1] as WebAssembly.Imports);
    return made;
  };
  WebAssembly.instantiate = ((...args: unknown[]) => watch(instantiate, args)) as typeof instantiate;
  if (instantiateStreaming) {
    WebAssembly.instantiateStreaming = ((...args: unknown[]) =>
      watch(instantiateStreaming, args)) as typeof instantiateStreaming;
  }
  try {
    const result = await start();
    return memory ? { result, memory } : { result };
  } finally {
    WebAssembly.instantiate = instantiate;
    if (instantiateStreaming) WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

/** The first memory among exports, or among the values of the modules in imports. */
function memoryAmong(values: object | undefined): WebAssembly.Memory | undefined {
  return Object.values(values ?? {})
    .flatMap((value: unknown) => [value, ...(typeof value === 'object' && value ? Object.values(value) : [])])
    .find((value): value is WebAssembly.Memory => value instanceof WebAssembly.Memory);
}
