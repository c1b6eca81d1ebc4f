// Which browser tests use: CHROME_PATH, an installed Chrome or Chromium, or the one inside @sparticuz/chromium (Linux x64).
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

export const args = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

/** Launch options for Playwright: { executablePath, args, env? }. */
export async function browser() {
  const found = process.env.CHROME_PATH ?? installed();
  if (found) return { executablePath: found, args };
  const home = await bundled();
  return {
    executablePath: join(home, 'chromium'),
    args,
    env: { ...process.env, LD_LIBRARY_PATH: join(home, 'al2023', 'lib'), FONTCONFIG_PATH: join(home, 'fonts') },
  };
}

function installed() {
  if (process.env.BUNDLED_CHROMIUM) return undefined;
  const { PROGRAMFILES, 'PROGRAMFILES(X86)': x86, LOCALAPPDATA } = process.env;
  const places = {
    darwin: ['', homedir()].flatMap((home) =>
      ['Google Chrome', 'Chromium'].map((app) => `${home}/Applications/${app}.app/Contents/MacOS/${app}`),
    ),
    win32: [PROGRAMFILES, x86, LOCALAPPDATA]
      .filter(Boolean)
      .map((base) => join(base, 'Google/Chrome/Application/chrome.exe')),
    linux: (process.env.PATH ?? '')
      .split(delimiter)
      .flatMap((dir) =>
        ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser'].map((app) => join(dir, app)),
      ),
  };
  return (places[process.platform] ?? []).find((file) => existsSync(file));
}

/** Unpacks once per version into a folder of its own; processes that race each unpack aside, and one rename wins. */
async function bundled() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('No Chrome found: install Chrome or Chromium, or set CHROME_PATH.');
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const { version } = JSON.parse(readFileSync(join(entry, '../../../package.json'), 'utf8'));
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const home = join(cache, 'simile-chromium', version);
  if (existsSync(home)) return home;
  mkdirSync(join(home, '..'), { recursive: true });
  const aside = mkdtempSync(join(home, '..', 'unpack-'));
  // The package unpacks into os.tmpdir(), and adds NSS and expat only where it believes itself on Lambda.
  const before = {
    TMPDIR: process.env.TMPDIR,
    AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV,
    LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH,
    FONTCONFIG_PATH: process.env.FONTCONFIG_PATH,
  };
  Object.assign(process.env, { TMPDIR: aside, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' });
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
  } finally {
    for (const [key, value] of Object.entries(before))
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
  }
  try {
    renameSync(aside, home);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}
