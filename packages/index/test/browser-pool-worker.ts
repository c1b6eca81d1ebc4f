import { markTogether } from './browser-pool.ts';

// eslint-disable-next-line unicorn/require-post-message-target-origin -- a worker's postMessage has no target
globalThis.postMessage(await markTogether());
