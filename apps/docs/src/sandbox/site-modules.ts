import type { Manifest } from '../../modules/manifest.ts';
import type { Script } from './protocol.ts';

/** What the site serves for programs, fetched when it is wanted and kept. */
export interface SiteModules {
  readonly manifest: Manifest;
  /** Scripts with all that they import, each after those it imports. */
  scripts(files: readonly string[]): Promise<readonly Script[]>;
  /** The text of the frame's or the worker's script. */
  text(file: string): Promise<string>;
  /** Bytes of a file that programs may fetch by this name; undefined for any other. */
  data(name: string): Promise<Uint8Array | undefined>;
}

let opened: Promise<SiteModules> | undefined;

/** The modules of this site; asked for once a page. */
export function openSiteModules(): Promise<SiteModules> {
  // A failure is not kept: the next call tries again.
  opened ??= open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function open(): Promise<SiteModules> {
  const manifest = (await (await get('manifest.json')).json()) as Manifest;
  const { scripts, data } = manifest;
  const texts = new Map<string, Promise<string>>();
  const text = (file: string): Promise<string> => {
    const kept = texts.get(file) ?? get(file).then((response) => response.text());
    texts.set(file, kept);
    kept.catch(() => texts.delete(file));
    return kept;
  };
  return {
    manifest,
    text,
    scripts: (files) =>
      Promise.all(
        inOrder(scripts, files).map(async (file) => ({
          file,
          code: await text(file),
          imports: scripts[file]!.imports,
        })),
      ),
    async data(name) {
      const file = Object.hasOwn(data, name) ? data[name] : undefined;
      return file && new Uint8Array(await (await get(file.file)).arrayBuffer());
    },
  };
}

async function get(file: string): Promise<Response> {
  const response = await fetch(new URL(`${import.meta.env.BASE_URL}modules/${file}`, location.href));
  if (!response.ok)
    throw new Error(`The site does not give modules/${file}: ${response.status} ${response.statusText}`);
  return response;
}

/** Each script after those that it imports. A worker asks by name, which may be any text. */
export function inOrder(scripts: Manifest['scripts'], files: readonly string[]): string[] {
  const order = new Set<string>();
  const visit = (file: string): void => {
    if (order.has(file)) return;
    if (!Object.hasOwn(scripts, file)) throw new Error(`the site has no script ${file}`);
    for (const name of scripts[file]!.imports) visit(name);
    order.add(file);
  };
  for (const file of files) visit(file);
  return [...order];
}
