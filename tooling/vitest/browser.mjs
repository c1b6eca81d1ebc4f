// Finds a Chromium for tests. First CHROME_PATH, then an installed Chrome or Chromium, then the one that comes inside the
// npm package @sparticuz/chromium (Linux x64). BUNDLED_CHROMIUM=1 goes straight to the last.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const MINUTE = 60_000;

const FLAGS = [
  '--no-sandbox', // containers run as root
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  // WebGL and WebGPU on the processor. Not --enable-features=Vulkan: Chromium 147 then loses WebGL on bare hosts.
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

/**
 * Launch options for Playwright. A launch that hangs fails after a minute.
 *
 * @returns {{ executablePath: string, args: string[], timeout: number, env?: Record<string, string> }}
 */
export function browser() {
  const installed = process.env.CHROME_PATH ?? (process.env.BUNDLED_CHROMIUM ? undefined : findInstalled());
  const launch = { args: FLAGS, timeout: MINUTE };
  if (installed) return { ...launch, executablePath: installed };
  const folder = unpackBundled();
  // Bare hosts lack NSS and fonts: the package brings both.
  const env = { ...process.env, LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_PATH: join(folder, 'fonts') };
  return { ...launch, executablePath: join(folder, 'chromium'), env };
}

function findInstalled() {
  return candidates().find((file) => existsSync(file));
}

function candidates() {
  const { PATH = '', PROGRAMFILES, LOCALAPPDATA, 'PROGRAMFILES(X86)': programFilesX86 } = process.env;
  const each = (folders, names) => folders.flatMap((folder) => names.map((name) => join(folder, name)));
  switch (process.platform) {
    case 'darwin':
      return each(
        ['/Applications', join(homedir(), 'Applications')],
        ['Google Chrome', 'Chromium'].map((app) => `${app}.app/Contents/MacOS/${app}`),
      );
    case 'win32':
      return each([PROGRAMFILES, programFilesX86, LOCALAPPDATA].filter(Boolean), [
        'Google/Chrome/Application/chrome.exe',
        'Chromium/Application/chrome.exe',
      ]);
    default:
      return each(PATH.split(delimiter).filter(Boolean), [
        'google-chrome-stable',
        'google-chrome',
        'chromium',
        'chromium-browser',
      ]);
  }
}

/** Unpacks the bundled Chromium once per version; answers its folder. Safe when several processes begin at once. */
function unpackBundled() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chrome found: install Chrome or Chromium, or set CHROME_PATH to its program.');
  }
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const { version } = JSON.parse(readFileSync(join(dirname(entry), '../../package.json'), 'utf8'));
  const shelf = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'simile-chromium');
  const folder = join(shelf, version);
  if (existsSync(folder)) return folder;

  // The package unpacks straight into the temporary folder, where another process would take half a file for a whole one:
  // so each unpacks into a folder of its own, in a process of its own, and the first rename wins.
  mkdirSync(shelf, { recursive: true });
  const own = mkdtempSync(join(shelf, 'unpacking-'));
  try {
    // It adds NSS and expat only where it believes itself on Lambda.
    const env = { ...process.env, TMPDIR: own, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
    const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
    const words = ['--input-type=module', '--eval', script];
    execFileSync(process.execPath, words, {
      cwd: import.meta.dirname,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 3 * MINUTE,
    });
    writeFileSync(join(own, 'fonts/fonts.conf'), fontSettings(folder));
    renameSync(own, folder);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** The package's own settings look for its fonts where Lambda has them: pages would have no text. */
function fontSettings(folder) {
  const folders = [join(folder, 'fonts/fonts'), '/usr/share/fonts'].map((path) => `<dir>${path}</dir>`);
  const cache = `<cachedir>${join(folder, 'fonts/cache')}</cachedir>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders.join('')}${cache}</fontconfig>\n`;
}
