// A training step on simile-wasm, side by side with stock TensorFlow.js, for four models: `readme`, that of the example in
// TensorFlow Similarity's README; `hello-world`, its MNIST hello world; the same with batch normalisation; and `dense`, which
// stock wasm can train, for it has no gradient of a convolution. A round is one step of the peer and `--runs` steps of ours
// (default 15), and who begins alternates; a ratio belongs to a round, so `spread` shows how much the peer swings.
// Stock cpu needs minutes for a step of the two hello worlds: it gets a tenth of their batch, and its time counts ten times,
// its cost being linear in the batch. `shareOfPeak` is the best step by CPU time against one core's float32 peak, measured here.
import { bench, load, median } from './harness.mjs';

const tf = await load('@tensorflow/tfjs-core');
const { layers, initializers, sequential } = await load('@tensorflow/tfjs-layers');
const { registerWasmBackend, fusedAdam } = await load('@simile/backend-wasm');
await load('@tensorflow/tfjs-backend-cpu');

/** Convolutions of 3 × 3 filters: one list of filters before pooling, one after; then dense layers, the last an embedding of 64. */
const helloWorld = {
  filters: [
    [32, 32],
    [64, 64],
  ],
  hidden: [],
  peer: 'cpu',
  rounds: 2,
  cpuShare: 10,
};
const models = [
  { name: 'readme', filters: [[64], []], hidden: [64], batch: 64, peer: 'cpu', rounds: 4, cpuShare: 1 },
  { ...helloWorld, name: 'hello-world', batch: 60 },
  { ...helloWorld, name: 'hello-world-batch-norm', batch: 80, normalized: true },
  { name: 'dense', filters: [[], []], hidden: [1024, 512], batch: 64, peer: 'wasm', rounds: 15, cpuShare: 1 },
];

await bench('train-step', async ({ row, progress, options }) => {
  const report = await registerWasmBackend();
  const peak = await measurePeak(report.relaxedSimd);
  progress(`peak of one core: ${peak.toFixed(1)} GFLOP/s; ${JSON.stringify(report)}`);
  for (const model of models) {
    const { batch, peer, cpuShare } = model;
    const steps = options.runs ?? 15;
    const ours = await training('simile-wasm', model, batch, fusedAdam());
    const theirs = await training(peer, model, batch / cpuShare, tf.train.adam(1e-3, 0.9, 0.999, 1e-7));
    await ours.run(5);
    if (peer === 'wasm') await theirs.run(2);
    const seen = { ours: [], theirs: [] };
    for (let round = 0; round < model.rounds; round++) {
      const turns = [
        async () => seen.theirs.push(...(await theirs.run(1))),
        async () => seen.ours.push(await ours.run(steps)),
      ];
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
    }
    ours.end();
    theirs.end();
    const flops = countFlops(model);
    const all = seen.ours.flat();
    const best = Math.min(...all.map(({ cpu }) => cpu));
    row({
      case: model.name,
      metric: 'time of a step',
      unit: 'ms',
      peer: `stock ${peer}${cpuShare === 1 ? '' : `, batch ${batch / cpuShare}, times ${cpuShare}`}`,
      ours: seen.ours.map((times) => median(times.map(({ wall }) => wall))),
      theirs: seen.theirs.map(({ wall }) => wall * cpuShare),
      shareOfPeak: digits(flops / (best * 1e6) / peak),
      batch,
      gigaflop: digits(flops / 1e9),
      oursSteps: all.length,
      oursFastest: digits(Math.min(...all.map(({ wall }) => wall))),
      oursCpuMilliseconds: digits(median(all.map(({ cpu }) => cpu))),
      theirsEach: seen.theirs.map(({ wall }) => digits(wall * cpuShare)),
    });
  }
  const note =
    'operations are counted as a direct convolution does them; after Winograd there are fewer, so a share may pass 1';
  return { report, peakGigaflops: digits(peak), note };
});

function digits(value) {
  return Number(value.toPrecision(4));
}

/** A model in training on a backend; `run` answers the wall and CPU milliseconds of each step. */
async function training(backend, model, batch, optimizer) {
  await tf.setBackend(backend);
  const network = build(model);
  let made = 0;
  return {
    async run(steps) {
      await tf.setBackend(backend);
      const times = [];
      for (let i = 0; i < steps; i++) {
        const x = tf.randomUniform([batch, ...network.inputs[0].shape.slice(1)], 0, 1, 'float32', ++made);
        const labels = tf.tensor1d(
          Array.from({ length: batch }, (_, example) => example % 6),
          'int32',
        );
        const cpu = process.cpuUsage();
        const wall = performance.now();
        const cost = optimizer.minimize(() => loss(network.apply(x, { training: true }), labels), true);
        cost.dataSync();
        const used = process.cpuUsage(cpu);
        times.push({ wall: performance.now() - wall, cpu: (used.user + used.system) / 1000 });
        tf.dispose([x, labels, cost]);
      }
      return times;
    },
    end() {
      network.dispose();
      optimizer.dispose();
    },
  };
}

function build({ filters: [before, after], hidden, normalized = false }) {
  let seed = 0;
  const kernelInitializer = () => initializers.glorotUniform({ seed: ++seed });
  const network = sequential();
  const convolve = (filters) => {
    const first = network.layers.length === 0 ? { inputShape: [28, 28, 1] } : {};
    const activation = normalized ? {} : { activation: 'relu' };
    network.add(
      layers.conv2d({ filters, kernelSize: 3, kernelInitializer: kernelInitializer(), ...activation, ...first }),
    );
    if (!normalized) return;
    network.add(layers.batchNormalization({ momentum: 0.95, epsilon: 1e-3 }));
    network.add(layers.activation({ activation: 'relu' }));
  };
  if (before.length === 0) network.add(layers.inputLayer({ inputShape: [28, 28, 1] }));
  for (const filters of before) convolve(filters);
  if (after.length > 0) network.add(layers.maxPooling2d({ poolSize: 2 }));
  for (const filters of after) convolve(filters);
  network.add(layers.flatten());
  for (const units of hidden)
    network.add(layers.dense({ units, activation: 'relu', kernelInitializer: kernelInitializer() }));
  network.add(layers.dense({ units: 64, kernelInitializer: kernelInitializer() }));
  return network;
}

/** Multi-similarity loss without its mining: alpha 2, beta 40, lambda 0.5. */
function loss(outputs, labels) {
  const [alpha, beta, lambda] = [2, 40, 0.5];
  const n = outputs.shape[0];
  const rows = tf.div(outputs, tf.sqrt(tf.maximum(tf.sum(tf.square(outputs), -1, true), 1e-12)));
  const above = tf.sub(tf.matMul(rows, rows, false, true), lambda);
  const same = tf.cast(tf.equal(tf.reshape(labels, [n, 1]), tf.reshape(labels, [1, n])), 'float32');
  const positive = tf.sub(same, tf.eye(n));
  const negative = tf.sub(1, same);
  const pull = tf.log(tf.add(1, tf.sum(tf.mul(tf.exp(tf.mul(-alpha, above)), positive), 1)));
  const push = tf.log(tf.add(1, tf.sum(tf.mul(tf.exp(tf.mul(beta, above)), negative), 1)));
  return tf.mean(tf.add(tf.div(pull, alpha), tf.div(push, beta)));
}

/** Multiplications and additions of a step: forward, by weights, and by inputs for every layer but the first. */
function countFlops({ filters: [before, after], hidden, batch }) {
  let [size, channels, total] = [28, 1, 0];
  const add = (products) => {
    total += 2 * batch * products * (total === 0 ? 2 : 3);
  };
  for (const list of [before, after]) {
    for (const filters of list) {
      size -= 2;
      add(size * size * 9 * channels * filters);
      channels = filters;
    }
    if (list === before && after.length > 0) size /= 2;
  }
  let inputs = size * size * channels;
  for (const units of [...hidden, 64]) {
    add(inputs * units);
    inputs = units;
  }
  return total;
}

/** GFLOP/s of one core on ten independent chains of multiply and add in registers, the best of 200 tries by CPU time. */
async function measurePeak(relaxed) {
  const compiler = '../../packages/backend-wasm/node_modules/assemblyscript/dist/asc.js';
  const { main } = await import(new URL(compiler, import.meta.url).href);
  const chains = Array.from({ length: 10 }, (_, i) => i);
  const step = (i) =>
    relaxed ? `s${i} = f32x4.relaxed_madd(a, b, s${i});` : `s${i} = f32x4.add(f32x4.mul(s${i}, a), b);`;
  const source = `export function peak(n: i32, x: f32, y: f32): f32 {
    const a = f32x4.splat(x); const b = f32x4.splat(y);
    ${chains.map((i) => `let s${i} = f32x4.splat(${i}.5);`).join(' ')}
    for (let i = n; i > 0; i--) { ${chains.map(step).join(' ')} }
    return f32x4.extract_lane(${chains.map((i) => `s${i}`).reduce((sum, s) => `f32x4.add(${sum}, ${s})`)}, 0);
  }`;
  let bytes;
  await main(
    [
      'peak.ts',
      '--outFile',
      'peak.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--enable',
      'relaxed-simd',
    ],
    {
      readFile: (name) => (name.endsWith('peak.ts') ? source : null),
      writeFile: (name, contents) => void (name.endsWith('.wasm') && (bytes = contents)),
    },
  );
  const { instance } = await WebAssembly.instantiate(bytes);
  const rounds = 200_000;
  let best = Infinity;
  for (let i = 0; i < 200; i++) {
    if (i % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 100)); // V8 optimises in the background
    const before = process.cpuUsage();
    instance.exports.peak(rounds, 0.999999, 0.000001);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return (rounds * chains.length * 8) / (best * 1000);
}
