import type { StoredEngineState } from '../contract.ts';
import { errorOf, type FromWorker, type StoredMessage, type ToWorker } from './engine-messages.ts';

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** Sections of a stored state that an engine in a worker asks its owner for. */
export class SectionRequests {
  readonly #send: (message: FromWorker) => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  /** The state of a message, whose sections come through request `id`. */
  stored(id: number, state: StoredMessage): StoredEngineState {
    const read = async (section: string, into: Uint8Array): Promise<void> => {
      const need = ++this.#last;
      const bytes = await new Promise<Uint8Array>((resolve, reject) => {
        this.#waiting.set(need, { resolve, reject });
        this.#send({ id, need, section });
      });
      into.set(bytes);
    };
    return { ...state, read };
  }

  hear(message: Extract<ToWorker, { readonly need: number }>): void {
    const waits = this.#waiting.get(message.need);
    this.#waiting.delete(message.need);
    if ('section' in message) waits?.resolve(message.section);
    else waits?.reject(errorOf(message.sectionError));
  }
}
