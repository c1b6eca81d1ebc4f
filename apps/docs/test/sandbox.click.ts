// Programs in the sandbox: what they print, how they end, and that they reach nothing. Needs node modules/build.ts
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runIn, serveSandboxPage } from './sandbox-page.ts';
import { isolation, launch, type Site } from './site-server.ts';

let site: Site;
let browser: Browser;
let page: Page;
/** Another host, which must never be asked. */
let other: Server;
let otherHome: string;
const askedOther: string[] = [];

beforeAll(async () => {
  other = createServer((request, response) => {
    askedOther.push(request.url!);
    response
      .writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'text/javascript' })
      .end('export default 1');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  otherHome = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  [site, browser] = await Promise.all([serveSandboxPage(), launch()]);
  page = await open(browser, site);
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  other.closeAllConnections();
  other.close();
});

async function open(of: Browser, at: Site): Promise<Page> {
  const opened = await of.newPage();
  await opened.goto(at.home);
  await opened.waitForFunction(() => document.title === 'ready');
  return opened;
}

test('a program prints as Node does, with tables and pictures beside', async () => {
  const code = `
    interface Point { x: number }
    class Named { name = 'a' }
    const point: Point = { x: 1 };
    console.log('hello', point, [1, 2.5, 'c'], new Map([[1, new Set(['b'])]]), new Named(), null, undefined, -0, 10n);
    console.log('%d of %s', 3, 'many');
    console.warn(new Float32Array([0.5, 2]));
    console.log(Array.from({ length: 3 }, (_, i) => ({ i, square: i * i })));
    console.log([[1, 2, 3], [4, 5, 6]]);
    console.log({ svg: '<svg xmlns="http://www.w3.org/2000/svg"></svg>', title: 'A picture', width: 3, height: 2 });
    console.log({ done: 2, total: 8 });
    setTimeout(() => console.log('late'), 30);
    console.log('early');`;
  const { ending, lines, outputs } = await runIn(page, { code });
  expect(ending).toBe('done');
  expect(lines).toEqual([
    "hello { x: 1 } [ 1, 2.5, 'c' ] Map(1) { 1 => Set(1) { 'b' } } Named { name: 'a' } null undefined -0 10n",
    '3 of many',
    'Float32Array(2) [ 0.5, 2 ]',
    '[ { i: 0, square: 0 }, { i: 1, square: 1 }, { i: 2, square: 4 } ]',
    '[ [ 1, 2, 3 ], [ 4, 5, 6 ] ]',
    'A picture',
    'early',
    'late',
  ]);
  const parts = outputs.flatMap((output) => (output.kind === 'console' ? output.parts : []));
  expect(parts.filter(({ kind }) => kind === 'table')).toMatchObject([
    {
      columns: ['', 'i', 'square'],
      rows: [
        ['0', '0', '0'],
        ['1', '1', '1'],
        ['2', '2', '4'],
      ],
    },
    {
      caption: '2 rows of 3',
      rows: [
        ['0', '1', '2', '3'],
        ['1', '4', '5', '6'],
      ],
    },
  ]);
  expect(parts.find(({ kind }) => kind === 'picture')).toMatchObject({ title: 'A picture', width: 3 });
  expect(outputs).toContainEqual({ kind: 'progress', label: '', done: 2, total: 8 });
  expect(outputs.at(-1)).toMatchObject({ kind: 'done', tensorsBefore: 0, tensorsAfter: 0, backend: '' });
});

test('a program imports what it needs and no more comes; tensors are counted and shown', async () => {
  const asked: string[] = [];
  const fresh = await open(browser, site);
  fresh.on('request', (request) => asked.push(request.url()));
  const errors = await runIn(fresh, {
    code: "import { SimileError } from '@simile/core/errors';\nconsole.log(typeof SimileError);",
  });
  expect(errors.lines).toEqual(['function']);
  expect(asked.filter((address) => /tensorflow|tfjs|wasm/.test(address))).toEqual([]);
  const code =
    "import * as tf from '@tensorflow/tfjs-core';\nconst x = tf.tensor2d([[1, 2], [3, 4.5]]);\nconsole.log(x, tf.sum(x));";
  const { ending, lines, outputs } = await runIn(fresh, { code });
  expect([ending, lines]).toEqual(['done', ['Tensor float32 [2, 2] [ [ 1, 2 ], [ 3, 4.5 ] ] Tensor float32 [] 10.5']]);
  expect(outputs.at(-1)).toMatchObject({ kind: 'done', tensorsBefore: 0, tensorsAfter: 2, backend: 'simile-wasm' });
  expect(outputs.find(({ kind }) => kind === 'backend')).toMatchObject({ isolated: false, report: { threads: 1 } });
  expect(asked.filter((address) => /webgl|webgpu/.test(address))).toEqual([]);
  await fresh.close();
});

test('the data of the site and of the reader can be fetched, nothing else', async () => {
  const code = `
    import { mnist } from 'simile';
    const { x } = await mnist({ folder: 'data/mnist', split: 'test' });
    console.log(x.shape);
    console.log(await (await fetch('data/mine/names.json')).json());
    console.log((await fetch('data/none')).status, (await fetch('index.html')).status, (await fetch('manifest.json')).status);
    for (const address of ['${otherHome}', '//example.com/x', 'file:///etc/passwd']) {
      console.log(await fetch(address).then(() => 'got', (error) => error.name));
    }`;
  const data = { 'data/mine/names.json': new TextEncoder().encode('["a"]') };
  const { lines, error } = await runIn(page, { code, data });
  expect(error).toBeUndefined();
  expect(lines).toEqual(['[ 500, 28, 28, 1 ]', "[ 'a' ]", '404 404 404', 'TypeError', 'TypeError', 'TypeError']);
});

test('files of a program import each other, now and later, but not in a circle', async () => {
  const files = {
    'main.ts':
      "import { b } from './b.ts';\nconst { c } = await import('./parts/c.ts');\nimport './parts/c';\nconsole.log(b + c);",
    'b.ts': 'export const b: number = 1;',
    'parts/c.ts': "import { b } from '../b.ts';\nexport const c = b + 10;",
  };
  expect((await runIn(page, { files })).lines).toEqual(['12']);
  const circle = { 'main.ts': "import './b.ts';", 'b.ts': "\nimport './main.ts';" };
  expect((await runIn(page, { files: circle })).error).toMatchObject({ file: 'b.ts', line: 2 });
});

test.each([
  ['thrown', 'const a = 1;\nfunction f(): never {\n  throw new TypeError("no");\n}\nf();', 3, 'TypeError: no'],
  ['rejected', '\nvoid Promise.reject(new Error("later"));\nawait new Promise((r) => setTimeout(r, 50));', 2, 'later'],
  ['in a timer', '\n\nsetTimeout(() => {\n  null!.x;\n}, 1);', 4, 'TypeError: Cannot read properties of null'],
  [
    'of a package',
    "import { tripletMargin } from '@simile/losses';\n\ntripletMargin({ margin: -1 });",
    3,
    'SimileError: triplet-margin: margin',
  ],
  ['in the text', 'const a = 1;\nconst = 2;', 2, 'Unexpected token'],
  [
    'an export that is none',
    "import {\n  mean,\n  middle,\n} from '@simile/core/ops';\nmean(middle);",
    3,
    "does not provide an export named 'middle'",
  ],
  ['a module that is none', "\nimport x from 'lodash';\nx();", 2, 'There is no module lodash here.'],
  ['a file that is none', "import { a } from './a.ts';\na();", 1, 'There is no file ./a.ts.'],
])('an error %s has its line', async (_, code, line, message) => {
  const { ending, error } = await runIn(page, { code });
  expect(ending).toBe('error');
  expect(error).toMatchObject({ file: 'main.ts', line });
  expect(error!.message).toContain(message);
  expect(error!.stack ?? '').not.toContain('blob:');
});

test.each([
  ['a loop', 'console.log("begun");\nfor (;;);'],
  ['a loop of promises', 'console.log("begun");\nfor (;;) await null;'],
  ['timers', 'console.log("begun");\nsetInterval(() => {}, 1);'],
  ['a promise that never comes', 'console.log("begun");\nawait new Promise(() => {});'],
])('stop ends %s, and the next program runs', async (_, code) => {
  const { ending, lines, error } = await runIn(page, { code }, 1000);
  expect([ending, lines, error]).toEqual(['stopped', ['begun'], undefined]);
  expect((await runIn(page, { code: 'console.log(2)' })).lines).toEqual(['2']);
});

test('what prints without end is cut off, by the console or by the frame', async () => {
  const printed = await runIn(page, { code: 'for (let i = 0; i < 30_000; i++) console.log(i);' });
  expect(printed.ending).toBe('done');
  expect(printed.lines.length).toBe(5001);
  expect(printed.lines.at(-1)).toBe('Lines after the first 5000 are not shown.');
  const around =
    'for (;;) self.postMessage({ kind: "output", output: { kind: "progress", label: "x", done: 1, total: 2 } });';
  const flood = await runIn(page, { code: around });
  expect([flood.ending, flood.error?.message]).toEqual([
    'error',
    'The program was stopped: it printed more than a page can show.',
  ]);
});

// Each tries to get at something outside; it must throw, be refused, or not exist.
const attempts: Record<string, string> = {
  document: 'document.title',
  window: 'window.document',
  parent: 'parent.document',
  top: 'top.location.href',
  'local storage': 'localStorage.length',
  'session storage': 'sessionStorage.length',
  cookies: 'cookieStore.getAll()',
  IndexedDB:
    'new Promise((yes, no) => { const r = indexedDB.open("x"); r.onsuccess = yes; r.onerror = () => no(r.error); })',
  'cache storage': 'caches.open("x")',
  'private files': 'navigator.storage.getDirectory()',
  'service workers': 'navigator.serviceWorker.register("x.js")',
  'a window of its own': 'open("/")',
  eval: '(0, eval)("1")',
  'the constructor of functions': 'new Function("return 1")()',
  XMLHttpRequest:
    'new Promise((yes, no) => { const r = new XMLHttpRequest(); r.open("GET", HOST); r.onload = yes; r.onerror = no; r.send(); })',
  'a synchronous XMLHttpRequest': '(() => { const r = new XMLHttpRequest(); r.open("GET", HOST, false); r.send(); })()',
  WebSocket:
    'new Promise((yes, no) => { const s = new WebSocket(HOST.replace("http", "ws")); s.onopen = yes; s.onerror = no; })',
  EventSource:
    'new Promise((yes, no) => { const s = new EventSource(HOST); s.onopen = yes; s.onerror = () => { s.close(); no(); }; })',
  WebTransport: 'new WebTransport(HOST.replace("http", "https")).ready',
  'a peer connection': 'new RTCPeerConnection()',
  importScripts: 'importScripts(HOST)',
  import: 'import(/* as it is */ HOST)',
  'import past the compiler':
    'within(`import(${JSON.stringify(HOST)}).then(() => postMessage("got"), () => postMessage("no"))`)',
  'fetch of a worker within':
    'within(`fetch(${JSON.stringify(HOST)}).then(() => postMessage("got"), () => postMessage("no"))`)',
  'importScripts of a worker within':
    'within(`try { importScripts(${JSON.stringify(HOST)}); postMessage("got"); } catch { postMessage("no"); }`)',
  'a worker from elsewhere':
    'new Promise((yes, no) => { const w = new Worker(HOST); w.onmessage = yes; w.onerror = no; setTimeout(no, 3000); })',
  'navigating the frame': 'self.location.assign(HOST)',
  'a beacon': 'navigator.sendBeacon(HOST)',
};

test('a program reaches neither page, storage nor any host, however it tries', async () => {
  const tries = Object.entries(attempts).map(([name, code]) => `[${JSON.stringify(name)}, async () => ${code}]`);
  const code = `// @ts-nocheck
    const within = (script) => new Promise((yes, no) => {
      const worker = new Worker(URL.createObjectURL(new Blob([script])));
      worker.onmessage = ({ data }) => (data === 'got' ? yes() : no());
      worker.onerror = no;
    });
    for (const HOST of ['${otherHome}', '${site.home}index.html']) {
      for (const [name, act] of [${tries.join(',\n')}]) {
        console.log(name, await act().then((value) => 'REACHED ' + String(value), () => 'refused'));
      }
    }`;
  const served: string[] = [];
  page.on('response', (response) => served.push(response.url()));
  const { ending, lines, error } = await runIn(page, { code });
  expect(error).toBeUndefined();
  expect(ending).toBe('done');
  const names = Object.keys(attempts);
  expect(lines).toEqual([...names, ...names].map((name) => `${name} refused`));
  expect(askedOther).toEqual([]);
  expect(
    served.filter((address) => !address.startsWith('blob:') && !address.startsWith(`${site.home}modules/`)),
  ).toEqual([]);
});

test('even the frame itself, where no program runs, reaches nothing', async () => {
  const before = page.url();
  const frame = page.frames().find((each) => each !== page.mainFrame())!;
  const outcomes = await frame.evaluate(async (host) => {
    const acts: Record<string, () => unknown> = {
      'document of the page': () => parent.document.title,
      'element of the page': () => frameElement!.tagName,
      'top navigation': () => {
        top!.location.href = host;
      },
      popup: () => {
        if (window.open(host) === null) throw new Error('no window');
      },
      storage: () => localStorage.length,
      cookies: () => document.cookie,
      fetch: () => fetch(host),
      picture: () =>
        new Promise((yes, no) => {
          const image = new Image();
          image.addEventListener('load', yes);
          image.addEventListener('error', no);
          image.src = host;
        }),
      script: () =>
        new Promise((yes, no) => {
          const script = document.createElement('script');
          script.addEventListener('load', yes);
          script.addEventListener('error', no);
          script.src = host;
          document.head.append(script);
        }),
      frame: () =>
        new Promise((yes, no) => {
          const inner = document.createElement('iframe');
          addEventListener('securitypolicyviolation', no, { once: true });
          inner.addEventListener('load', () => setTimeout(yes, 500));
          inner.src = host;
          document.body.append(inner);
        }),
    };
    const said: string[] = [];
    for (const [name, act] of Object.entries(acts)) {
      try {
        await act();
        said.push(`${name} REACHED`);
      } catch {
        said.push(`${name} refused`);
      }
    }
    return said;
  }, otherHome);
  expect(outcomes.filter((outcome) => outcome.endsWith('REACHED'))).toEqual([]);
  expect(outcomes).toHaveLength(10);
  expect(askedOther).toEqual([]);
  expect(page.url()).toBe(before);
  expect(
    browser
      .contexts()
      .flatMap((context) => context.pages())
      .filter((each) => each !== page),
  ).toEqual([]);
});

test('what a program says to the page as if it were the sandbox is only shown', async () => {
  const code = `
    self.postMessage({ kind: 'want-scripts', request: 1, files: ['../index.html', 'toString', '__proto__'] });
    self.postMessage({ kind: 'want-data', request: 2, name: '../index.html' });
    self.postMessage({ kind: 'want-data', request: 3, name: '__proto__' });
    console.log('still here');`;
  const { ending, lines } = await runIn(page, { code });
  expect([ending, lines]).toEqual(['done', ['still here']]);
});

test('the sandbox is taken off the page when it is closed', async () => {
  const fresh = await open(browser, site);
  await runIn(fresh, { code: 'console.log(1)' });
  expect(await fresh.locator('iframe').count()).toBe(1);
  await fresh.evaluate(() => (globalThis as unknown as { sandbox: { close(): void } }).sandbox.close());
  expect(await fresh.locator('iframe').count()).toBe(0);
  await fresh.close();
});

test('a program that eats all memory ends, and the page lives', async () => {
  // Desktop browsers give a sandboxed frame a process of its own; a small heap makes it quick.
  const own = await launch(['--site-per-process', '--js-flags=--max-old-space-size=200']);
  try {
    const lone = await open(own, site);
    // Playwright takes the end of a frame's process for that of the page, so the page tells the server how it is.
    const eats = 'const all = [];\nfor (;;) all.push(new Array(100_000).fill(all.length + 0.5));';
    await lone.evaluate((code) => {
      const { sandbox } = globalThis as unknown as { sandbox: import('../src/sandbox/index.ts').Sandbox };
      const runOne = (text: string): Promise<string> => {
        let said = '';
        const program = { files: { 'main.ts': text }, entry: 'main.ts', backend: 'wasm' } as const;
        const running = sandbox.run(program, (output) => {
          if (output.kind === 'error') said = output.message;
          if (output.kind === 'console') said = output.parts[0]!.text;
        });
        return running.then((ending) => `${ending}: ${said}`);
      };
      void (async () => {
        await fetch(`told/${encodeURIComponent(await runOne(code))}`);
        await fetch(`told/${encodeURIComponent(await runOne('console.log("lives")'))}`);
      })();
    }, eats);
    const told = (): string[] => site.missing.filter((path) => path.startsWith('/told/')).map((path) => path.slice(6));
    await expect.poll(told, { timeout: 60_000 }).toHaveLength(2);
    expect(told()).toEqual([expect.stringMatching(/^error: .*more memory/), 'done: lives']);
  } finally {
    await own.close();
  }
});

test('with isolation headers there are threads, and values on the GPU can be read at once', async () => {
  const isolated = await serveSandboxPage(isolation);
  const fresh = await open(browser, isolated);
  try {
    const code = `
      import { selectBackend } from '@simile/core/backend';
      import { matMul, tensor2d } from '@simile/core/ops';
      // tfjs takes half of the cores, of which this machine may have two.
      Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 });
      const { chosen, threads } = await selectBackend({ training: false });
      const x = tensor2d([[1, 2], [3, 4]]);
      console.log(chosen, threads, matMul(x, x).arraySync(), await matMul(x, x, true).array());`;
    const product = '[ [ 7, 10 ], [ 15, 22 ] ] [ [ 10, 14 ], [ 14, 20 ] ]';
    expect((await runIn(fresh, { code })).lines).toEqual([`simile-wasm 2 ${product}`]);
    expect((await runIn(fresh, { code, backend: 'webgpu' })).lines).toEqual([`webgpu 1 ${product}`]);
  } finally {
    await fresh.close();
    await isolated.close();
  }
});

test.each(['webgl', 'webgpu'] as const)(
  'without them %s computes, and tensors on it are printed in their turn',
  async (backend) => {
    const code = `
    import { matMul, tensor2d } from '@simile/core/ops';
    const x = tensor2d([[1, 2], [3, 4]]);
    console.log(matMul(x, x));
    console.log('after');`;
    const { lines, outputs, error } = await runIn(page, { code, backend });
    expect(error).toBeUndefined();
    expect(lines).toEqual(['Tensor float32 [2, 2] [ [ 7, 10 ], [ 15, 22 ] ]', 'after']);
    expect(outputs.at(-1)).toMatchObject({ kind: 'done', backend, tensorsAfter: 2 });
  },
);

test('without them values on webgpu that are read at once are refused with the reason', async () => {
  const code = `
    import { selectBackend } from '@simile/core/backend';
    import { matMul, ones } from '@simile/core/ops';
    await selectBackend({ prefer: 'webgpu', training: false });
    matMul(ones([64, 64]), ones([64, 64])).dataSync();`;
  const { error } = await runIn(page, { code });
  expect(error!.message).toMatch(/^Values on the GPU cannot be read at once here/);
});
