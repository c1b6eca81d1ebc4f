import nodePath from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nodeModule } from './platform.ts';

describe('nodeModule', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is the module in Node', () => {
    expect(nodeModule<typeof nodePath>('node:path')!.join).toBe(nodePath.join);
  });

  it('is undefined for a module that Node lacks', () => {
    expect(nodeModule('node:nothing')).toBeUndefined();
  });

  it('is undefined where there is no Node, or one that cannot tell', () => {
    vi.stubGlobal('process', undefined);
    expect(nodeModule('node:path')).toBeUndefined();
    vi.stubGlobal('process', { env: {} });
    expect(nodeModule('node:path')).toBeUndefined();
  });
});
