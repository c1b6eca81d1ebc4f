import type * as nodePath from 'node:path';
import type * as nodeOs from 'node:os';
import { nodeModule } from '@simile/core/platform';

/**
 * The user's folder for files that can be fetched again, with `simile/<name>` inside: `$XDG_CACHE_HOME` or `~/.cache`;
 * `~/Library/Caches` on macOS and `%LOCALAPPDATA%` on Windows where `$XDG_CACHE_HOME` is not set. Not created here.
 * Undefined in a browser.
 */
export function cacheFolder(
  name: string,
  platform: string | undefined = globalThis.process?.platform,
  environment: Readonly<Record<string, string | undefined>> = globalThis.process?.env ?? {},
): string | undefined {
  const os = nodeModule<typeof nodeOs>('node:os');
  const path = nodeModule<typeof nodePath>('node:path');
  if (!os || !path) return undefined;
  const home = (): string => environment['HOME'] || os.homedir();
  const { join } = platform === 'win32' ? path.win32 : path.posix;
  // A relative XDG_CACHE_HOME must be ignored: XDG Base Directory Specification 0.8.
  const xdg = environment['XDG_CACHE_HOME'];
  if (xdg && path.isAbsolute(xdg)) return join(xdg, 'simile', name);
  if (platform === 'darwin') return join(home(), 'Library', 'Caches', 'simile', name);
  if (platform === 'win32') {
    const local = environment['LOCALAPPDATA'] || join(environment['USERPROFILE'] || os.homedir(), 'AppData', 'Local');
    return join(local, 'simile', 'Cache', name);
  }
  return join(home(), '.cache', 'simile', name);
}
