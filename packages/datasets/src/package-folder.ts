import type * as nodePath from 'node:path';
import type * as nodeModules from 'node:module';
import { nodeModule } from '@simile/core/platform';

/**
 * Folder of an npm package that is installed where the user works (`from`, default the working folder) or beside this
 * package; undefined when it is in neither place, or in a browser.
 */
export function packageFolder(name: string, from: string = globalThis.process?.cwd?.() ?? ''): string | undefined {
  const module = nodeModule<typeof nodeModules>('node:module');
  const path = nodeModule<typeof nodePath>('node:path');
  if (!module || !path) return undefined;
  for (const place of [path.join(from, 'index.js'), import.meta.url]) {
    try {
      return path.dirname(module.createRequire(place).resolve(`${name}/package.json`));
    } catch {
      // not here: try the next place
    }
  }
  return undefined;
}
