import { ARGS, TEXT, THREADS, WORDS } from './thread-control.ts';

const names = JSON.stringify;

/**
 * The script of a thread: instantiates the kernel on the shared memory and takes part in jobs for ever. A text, so that no
 * bundler has to find a file; it imports nothing, and hears one message.
 *
 * The same text stands in `kernel-pool-thread.js` of the package, for pages whose policy allows no workers from texts.
 */
export const threadCode: string = `'use strict';
const W = ${names(WORDS)}, T = ${names(THREADS)}, A = ${names(ARGS)}, X = ${names(TEXT)};
const node = globalThis.process?.getBuiltinModule?.('node:worker_threads');
const port = node?.parentPort ?? globalThis;
port.onmessage = ({ data: { module, memory, control, thread, tell } }) => {
  const words = new Int32Array(control);
  const args = new Float64Array(control, A.byte, A.most);
  const text = new Uint16Array(control, X.byte, X.most + 1);
  const active = T.first + thread * T.stride + T.active;
  const context = T.first + thread * T.stride + T.context;
  let kernel;
  try {
    kernel = Object.values(new WebAssembly.Instance(module, { env: { memory } }).exports);
  } catch (error) {
    port.postMessage({ gone: String(error) });
    return;
  }
  port.postMessage({ ready: true });
  for (let seen = 0; ; ) {
    Atomics.wait(words, W.job, seen);
    Atomics.store(words, active, 1);
    seen = Atomics.load(words, W.job);
    if (seen & 1) work();
    Atomics.store(words, active, 0);
    Atomics.notify(words, active);
    if (tell) port.postMessage({ idle: true });
  }
  function work() {
    const call = kernel[words[W.exportAt]];
    const rest = Array.from(args.subarray(0, words[W.args]));
    const chunks = words[W.chunks], chunk = words[W.chunk], count = words[W.count], parts = words[W.parts];
    try {
      for (;;) {
        const at = Atomics.add(words, W.next, 1);
        if (at >= chunks) return;
        if (parts) call(words[context], at, parts, ...rest);
        else call(words[context], at * chunk, Math.min(count, (at + 1) * chunk), ...rest);
      }
    } catch (error) {
      if (Atomics.compareExchange(words, W.failed, 0, 1) === 0) {
        const letters = String(error).slice(0, X.most);
        text[0] = letters.length;
        for (let i = 0; i < letters.length; i++) text[i + 1] = letters.charCodeAt(i);
      }
      Atomics.store(words, W.next, chunks);
    }
  }
};
`;
