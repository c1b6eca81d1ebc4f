import { describe, expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

describe('the cache folder', () => {
  test('follows the XDG rules on Linux', () => {
    expect(cacheFolder('mnist', 'linux', { HOME: '/home/ada' })).toBe('/home/ada/.cache/simile/mnist');
    expect(cacheFolder('mnist', 'linux', { HOME: '/home/ada', XDG_CACHE_HOME: '/fast' })).toBe('/fast/simile/mnist');
    expect(cacheFolder('mnist', 'linux', { HOME: '/home/ada', XDG_CACHE_HOME: 'here' })).toBe(
      '/home/ada/.cache/simile/mnist',
    );
  });

  test('is where macOS and Windows have such folders', () => {
    expect(cacheFolder('mnist', 'darwin', { HOME: '/Users/ada' })).toBe('/Users/ada/Library/Caches/simile/mnist');
    expect(cacheFolder('mnist', 'win32', { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' })).toBe(
      'C:\\Users\\ada\\AppData\\Local\\simile\\Cache\\mnist',
    );
    expect(cacheFolder('mnist', 'win32', { USERPROFILE: 'C:\\Users\\ada' })).toBe(
      'C:\\Users\\ada\\AppData\\Local\\simile\\Cache\\mnist',
    );
  });
});
