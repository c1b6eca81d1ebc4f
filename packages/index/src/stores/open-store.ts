import type * as Urls from 'node:url';
import { SimileError } from '@simile/core/errors';
import { nodeModule } from '@simile/core/platform';
import { DatabaseStore } from './database-store.ts';
import { FileStore } from './file-store.ts';
import { OriginFileStore } from './origin-file-store.ts';
import { withErrors } from './store-error.ts';
import type { Store } from './store.ts';

/** The store of a target: a path or `file://` URL, `indexeddb://name` or `opfs://name`. @throws `ERR_OPTION` for what this platform lacks */
export function openStore(target: string | URL): Store {
  const text = String(target);
  const [, scheme = '', name = ''] = /^([a-z][a-z0-9+.-]+):\/\/(.*)$/is.exec(text) ?? [];
  const refuse = (rule: string, remedy: string): SimileError =>
    new SimileError({ where: 'open-index', rule, got: text, remedy, code: 'ERR_OPTION' });
  switch (scheme.toLowerCase()) {
    case 'indexeddb':
      if (!name) throw refuse('target must have a name after indexeddb://', 'Write indexeddb://my-index.');
      if (!globalThis.indexedDB)
        throw refuse('indexeddb:// needs a browser', 'Give the path of a file, such as my-index.simile.');
      return withErrors(new DatabaseStore(name));
    case 'opfs':
      if (!name) throw refuse('target must have a name after opfs://', 'Write opfs://my-index.');
      if (!globalThis.navigator?.storage?.getDirectory) {
        throw refuse(
          'opfs:// needs a browser with an origin private file system',
          'Use indexeddb://, or a path in Node.',
        );
      }
      return withErrors(new OriginFileStore(name));
    case '':
    case 'file': {
      const url = nodeModule<typeof Urls>('node:url');
      if (!url) throw refuse('a browser has no files', 'Write indexeddb://my-index or opfs://my-index.');
      if (!text) throw refuse('target must be the path of a file', 'Give one, such as my-index.simile.');
      return withErrors(new FileStore(scheme ? url.fileURLToPath(text) : text));
    }
    default:
      throw refuse(
        'target must be a path, file://, indexeddb:// or opfs://',
        `${scheme}:// is not a place that can be written.`,
      );
  }
}
