import type { Script } from '../protocol.ts';

/** Scripts as modules that can be imported, each by an address of its own. */
export interface ScriptShelf {
  has(file: string): boolean;
  /** Takes a script whose imports are here already; one that is here stays. */
  put(script: Script): void;
  addressOf(file: string): string;
}

/**
 * Makes each script a blob whose imports are the addresses of other blobs: an opaque origin has no addresses of files, and
 * workers have no import maps.
 */
export function scriptShelf(): ScriptShelf {
  const addresses = new Map<string, string>();
  const addressOf = (file: string): string => {
    const address = addresses.get(file);
    if (address === undefined) throw new Error(`${file} is not there yet`);
    return address;
  };
  return {
    has: (file) => addresses.has(file),
    addressOf,
    put({ file, code, imports }) {
      if (addresses.has(file)) return;
      const linked = imports.reduce((text, name) => text.replaceAll(`"./${name}"`, `"${addressOf(name)}"`), code);
      addresses.set(file, URL.createObjectURL(new Blob([linked], { type: 'text/javascript' })));
    },
  };
}
