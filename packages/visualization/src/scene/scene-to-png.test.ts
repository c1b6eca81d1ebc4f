import { expect, test, vi } from 'vitest';
import type { Scene } from './scene.ts';
import { sceneToPng } from './scene-to-png.ts';

const host = vi.hoisted(() => ({ packages: {} as Record<string, unknown>, isNode: true }));

// A host with the packages of a test, and no others.
vi.mock('@simile/core/platform', () => ({
  nodeModule: (name: string) => {
    if (!host.isNode) return undefined;
    if (name !== 'node:module') return { readFileSync: () => new Uint8Array() };
    const require = (wanted: string): unknown => {
      if (wanted in host.packages) return host.packages[wanted];
      throw new Error(`Cannot find module '${wanted}'`);
    };
    return { createRequire: () => Object.assign(require, { resolve: require }) };
  },
}));

const scene: Scene = { width: 10, height: 10, title: '', description: '', shapes: [] };

test('without the canvas package the error names it, and the way without', async () => {
  host.packages = {};
  await expect(sceneToPng(scene, 1, 'light')).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: to-png: a PNG needs something to draw with; @napi-rs/canvas could not be loaded. Install it in Node by npm i @napi-rs/canvas @fontsource/inter, or save as .svg, which needs nothing. [ERR_STATE]]`,
  );
});

test('a machine without any font needs the font package', async () => {
  host.packages = { '@napi-rs/canvas': { GlobalFonts: { families: [] } } };
  await expect(sceneToPng(scene, 1, 'light')).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: to-png: a PNG needs something to draw with; this machine has no fonts, and @fontsource/inter could not be loaded. Install it in Node by npm i @napi-rs/canvas @fontsource/inter, or save as .svg, which needs nothing. [ERR_STATE]]`,
  );
});

test('elsewhere than in Node and browsers there is nothing to draw with', async () => {
  host.isNode = false;
  await expect(sceneToPng(scene, 1, 'light')).rejects.toThrowErrorMatchingInlineSnapshot(
    `[SimileError: to-png: a PNG needs something to draw with; here is neither OffscreenCanvas nor Node. Install it in Node by npm i @napi-rs/canvas @fontsource/inter, or save as .svg, which needs nothing. [ERR_STATE]]`,
  );
});
