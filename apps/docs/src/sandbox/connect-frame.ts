import { frameDocument } from './frame-document.ts';
import type { FromFrame, ToFrame } from './protocol.ts';

/** A frame of the sandbox on this page. */
export interface FrameLink {
  tell(message: ToFrame): void;
  remove(): void;
}

/** What a frame's owner hears. */
export interface FrameEars {
  readonly hear: (message: FromFrame) => void;
  /** Its process ended. */
  readonly gone: () => void;
}

const START_LIMIT = 20_000;

/**
 * Puts a frame of opaque origin on the page, out of sight, and waits until it answers. On a page isolated by its headers, so is the frame.
 *
 * @throws an `Error` when it does not
 */
export async function connectFrame(script: string, { hear, gone }: FrameEars): Promise<FrameLink> {
  const element = document.createElement('iframe');
  element.setAttribute('sandbox', 'allow-scripts');
  element.allow = 'cross-origin-isolated';
  element.title = 'Sandbox of the playground';
  element.tabIndex = -1;
  element.ariaHidden = 'true';
  element.inert = true;
  // Frames that are not displayed have their timers held back.
  element.style.cssText = 'position:fixed;width:1px;height:1px;left:-10px;top:0;border:0;opacity:0;pointer-events:none';
  element.srcdoc = frameDocument(script);
  const { port1: port, port2 } = new MessageChannel();
  const ready = new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('The sandbox could not be started.')), START_LIMIT);
    port.addEventListener('message', ({ data }: MessageEvent<FromFrame>) => {
      if (data.kind !== 'ready') return hear(data);
      clearTimeout(limit);
      resolve();
    });
    // Known to some engines; in others the frame's silence is noticed later.
    port.addEventListener('close', gone);
  });
  port.start();
  // An opaque origin has no name to address: only this frame, which just loaded our document, gets the port.
  element.addEventListener('load', () => element.contentWindow?.postMessage('connect', '*', [port2]), { once: true });
  document.body.append(element);
  const remove = (): void => {
    element.remove();
    port.close();
  };
  try {
    await ready;
  } catch (error) {
    remove();
    throw error;
  }
  return { tell: (message) => port.postMessage(message), remove };
}
