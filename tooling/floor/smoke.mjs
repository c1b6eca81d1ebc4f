// Runs on the floor Node. Arguments: a specifier, and as JSON the values that its declarations promise.
// Prints what is wrong, one line each; nothing when all is well.
const [specifier, json] = process.argv.slice(2);
const values = JSON.parse(json);
const module = await import(specifier);
const wrong = (name, what) => console.log(`${name} ${what}`);

// Where the import brought TensorFlow.js, things are made on a backend.
if (globalThis._tfengine) {
  await import('@tensorflow/tfjs-backend-cpu');
  const { setBackend } = await import('@tensorflow/tfjs-core');
  await setBackend('cpu');
}

const promised = new Set(values.map(({ name }) => name));
for (const name of Object.keys(module)) if (!promised.has(name)) wrong(name, 'is exported but not declared');

for (const { name, kind, type, required, call } of values) {
  const value = module[name];
  // What another package declares may be a type: the declarations of a build do not tell.
  if (value === undefined && kind === 'unknown') continue;
  if (value === undefined) wrong(name, 'is declared but not there');
  else if ((kind === 'function' || kind === 'class') && typeof value !== 'function')
    wrong(name, `is ${typeof value}, not a ${kind}`);
  else if (kind === 'constant') inspect(name, type, value);
  if (kind === 'function' && required === 0 && call) await tryCall(name, type, value);
}

function inspect(name, type, value) {
  const plain = /^(string|number|boolean|bigint)$/.exec(type)?.[1];
  if (plain && typeof value !== plain) wrong(name, `is ${typeof value}, not ${plain}`);
  if (/\[\]$|^readonly \[|^ReadonlyArray</.test(type) && !Array.isArray(value))
    wrong(name, `is ${typeof value}, not a list`);
  if (type === 'Plugin' && value.spec !== 1) wrong(name, 'is no plugin of spec 1');
}

async function tryCall(name, type, value) {
  try {
    const result = value();
    const settled = await result;
    if (type.startsWith('Promise<') && typeof result?.then !== 'function')
      wrong(name, 'declares a promise and returns none');
    if (!/\b(void|undefined)\b/.test(type) && settled === undefined)
      wrong(name, `declares ${type} and returns nothing`);
    if (/^(Loss|Distance)$/.test(type) && (typeof result !== 'function' || !result.name))
      wrong(name, `makes no ${type}`);
    if (typeof settled === 'function') settled.dispose?.();
  } catch (error) {
    wrong(name, `throws when called without arguments: ${error?.stack ?? error}`);
  }
}
process.exitCode = 0;
// Backends leave workers behind.
setTimeout(() => process.exit(), 0);
