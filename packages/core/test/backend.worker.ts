// Answers one message, the options of selectBackend, with its report or its error.
import { selectBackend, type SelectBackendOptions } from '../src/backend.ts';

addEventListener('message', async ({ data }: MessageEvent<SelectBackendOptions>) => {
  try {
    postMessage({ report: await selectBackend(data) });
  } catch (error) {
    postMessage({ error: (error as Error).message });
  }
});
