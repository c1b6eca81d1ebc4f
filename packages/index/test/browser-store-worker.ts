import { keepIndex } from './browser-store.ts';

globalThis.addEventListener('message', ({ data }: MessageEvent<string>) => {
  keepIndex(data).then(
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a worker's postMessage has no target
    (said) => globalThis.postMessage(said),
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- as above
    (error: unknown) => globalThis.postMessage([String(error)]),
  );
});
