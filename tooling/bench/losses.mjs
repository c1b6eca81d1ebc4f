// Forward and backward of each loss at n = d = 128 on wasm: time, the most bytes alive, each against the formula written down in plain
// TensorFlow.js operations on the same backend (`naive`: cosines by a product of matrices, Euclidean distances by [n, n, d] differences,
// triplets by [n, n, n], every intermediate result kept for the gradient), and `toTriplet`, its CPU time over that of `tripletMargin()` in
// the same round. Losses that rank or count triplets are measured against triplets over all of them as well (`toAllTriplets`).
// A round takes triplet, triplet over all, ours and naive in turn; `--runs` rounds (default 9). `node losses.mjs ID…` takes some only.
import { bench, load, median } from './harness.mjs';

const tf = await load('@tensorflow/tfjs-core');
await load('@tensorflow/tfjs-layers'); // registers the gradients
const { selectBackend } = await load('@simile/core/backend');
const L = await load('@simile/losses');

const [n, d, classes] = [128, 128, 32];
const ofClasses = { classes, dimension: d };

// ---- the formulas in plain operations

const normalized = (x) => tf.div(x, tf.norm(x, 2, 1, true));
const cosines = (x, y = x) => tf.matMul(normalized(x), normalized(y), false, true);
const squares = (x) => tf.sum(tf.square(tf.sub(tf.expandDims(x, 1), tf.expandDims(x, 0))), 2);
const euclidean = (x) => tf.sqrt(tf.maximum(squares(x), 1e-12));
const same = (labels) => tf.cast(tf.equal(tf.expandDims(labels, 1), tf.expandDims(labels, 0)), 'float32');
const positives = (labels) => tf.sub(same(labels), tf.eye(n));
const negatives = (labels) => tf.sub(1, same(labels));
const meanUnder = (x, mask) => tf.div(tf.sum(tf.mul(x, mask)), tf.sum(mask));
const sumExp = (x, mask) => tf.sum(tf.mul(tf.exp(x), mask), 1, true);
const logSum = (x, mask) => tf.log(tf.add(1, sumExp(x, mask)));
const FAR = 1e9;
const nearestOf = (x, mask) => tf.min(tf.add(x, tf.mul(tf.sub(1, mask), FAR)), 1, true);
const farthestOf = (x, mask) => tf.max(tf.sub(x, tf.mul(tf.sub(1, mask), FAR)), 1, true);
/** Nearest negative beyond the farthest positive, else the farthest negative. */
function semiHard(x, negative, far) {
  const beyond = tf.mul(negative, tf.step(tf.sub(x, far)));
  const found = tf.max(beyond, 1, true);
  return tf.add(tf.mul(found, nearestOf(x, beyond)), tf.mul(tf.sub(1, found), farthestOf(x, negative)));
}
/** `f(d_ap − d_an)` of all triplets and which of them are there, [n, n, n]. */
function allTriplets(x, labels) {
  const mask = tf.mul(tf.expandDims(positives(labels), 2), tf.expandDims(negatives(labels), 1));
  return [tf.sub(tf.expandDims(x, 2), tf.expandDims(x, 1)), mask];
}
/** σ((d_qi − d_qj) / τ), [n, n, n]: how surely j is nearer than i. */
const nearer = (x, temperature) => tf.sigmoid(tf.div(tf.sub(tf.expandDims(x, 2), tf.expandDims(x, 1)), temperature));
const sumUnder = (x, mask) => tf.sum(tf.mul(x, tf.expandDims(mask, 1)), 2);
const crossEntropy = (logits, labels) =>
  tf.mean(tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(labels, classes)), 1)));
/** Triangular histograms of a matrix over `bins` + 1 nodes: [n, n, bins + 1]. */
const triangles = (x, bins, range) =>
  tf.relu(tf.sub(1, tf.abs(tf.sub(tf.mul(tf.expandDims(x, 2), bins / range), tf.range(0, bins + 1)))));
const target = (s, labels, change) => {
  const own = tf.cast(tf.oneHot(labels, classes), 'float32');
  return tf.add(tf.mul(tf.sub(1, own), s), tf.mul(own, change(s)));
};
const twoRows = (a, b) => tf.concat([a, b]);

/** Losses over pairs by id: what makes ours, and the same in plain operations. */
const overPairs = {
  'triplet-margin': [
    () => L.tripletMargin(),
    (labels, x) => {
      const distance = tf.sub(1, cosines(x));
      const far = farthestOf(distance, positives(labels));
      return tf.mean(tf.relu(tf.add(tf.sub(far, semiHard(distance, negatives(labels), far)), 0.1)));
    },
  ],
  'triplet-margin, all triplets': [
    () => L.tripletMargin({ positives: 'all', negatives: 'all' }),
    (labels, x) => {
      const [difference, mask] = allTriplets(tf.sub(1, cosines(x)), labels);
      return meanUnder(tf.relu(tf.add(difference, 0.1)), mask);
    },
  ],
  angular: [
    () => L.angular(),
    (labels, x) => {
      const s = cosines(x);
      const f = tf.sub(tf.mul(4, tf.add(tf.expandDims(s, 1), tf.expandDims(s, 0))), tf.mul(4, tf.expandDims(s, 2)));
      return meanUnder(
        tf.log(tf.add(1, tf.sum(tf.mul(tf.exp(f), tf.expandDims(negatives(labels), 1)), 2))),
        positives(labels),
      );
    },
  ],
  'centroid-triplet': [
    () => L.centroidTriplet(),
    (labels, x) => {
      const own = tf.cast(tf.oneHot(labels, classes), 'float32'); // [n, classes]
      const [sums, sizes] = [tf.matMul(own, x, true), tf.sum(own, 0)];
      const others = tf.div(tf.sub(tf.matMul(own, sums), x), tf.sub(tf.matMul(own, tf.expandDims(sizes, 1)), 1));
      const toOwn = tf.sum(tf.square(tf.sub(x, others)), 1, true);
      const centroids = tf.div(sums, tf.expandDims(sizes, 1));
      const toOthers = tf.sum(tf.square(tf.sub(tf.expandDims(x, 1), tf.expandDims(centroids, 0))), 2);
      return meanUnder(tf.relu(tf.add(tf.sub(toOwn, toOthers), 0.3)), tf.sub(1, own));
    },
  ],
  circle: [
    () => L.circle(),
    (labels, x) => {
      const s = cosines(x);
      const pull = sumExp(tf.mul(-80, tf.mul(tf.relu(tf.sub(1.4, s)), tf.sub(s, 0.6))), positives(labels));
      const push = sumExp(tf.mul(80, tf.mul(tf.relu(tf.add(s, 0.4)), tf.sub(s, 0.4))), negatives(labels));
      return tf.mean(tf.log(tf.add(1, tf.mul(pull, push))));
    },
  ],
  contrastive: [
    () => L.contrastive(),
    (labels, x) => {
      const distance = euclidean(x);
      const pull = meanUnder(tf.square(distance), positives(labels));
      return tf.add(pull, meanUnder(tf.square(tf.relu(tf.sub(1, distance))), negatives(labels)));
    },
  ],
  'dynamic-soft-margin': [
    () => L.dynamicSoftMargin(),
    (labels, x) => {
      const distance = euclidean(x);
      const v = tf.sub(distance, nearestOf(distance, negatives(labels)));
      const shares = tf.sum(tf.sum(tf.mul(triangles(tf.add(v, 2), 50, 4), tf.expandDims(positives(labels), 2)), 0), 0);
      const places = tf.mul(tf.add(v, 2), 12.5);
      const passed = tf.step(tf.sub(tf.expandDims(places, 2), tf.range(0, 51)));
      const easier = tf.sum(tf.mul(passed, tf.div(shares, tf.sum(shares))), 2);
      return meanUnder(tf.mul(easier, v), positives(labels));
    },
  ],
  'fast-ap': [
    () => L.fastAp(),
    (labels, x) => {
      const shares = triangles(tf.sub(1, cosines(x)), 10, 2);
      const positive = tf.sum(tf.mul(shares, tf.expandDims(positives(labels), 2)), 1);
      const all = tf.cumsum(tf.sum(tf.mul(shares, tf.expandDims(tf.sub(1, tf.eye(n)), 2)), 1), 1);
      const precision = tf.sum(tf.div(tf.mul(positive, tf.cumsum(positive, 1)), tf.add(all, 1e-6)), 1);
      return tf.mean(tf.sub(1, tf.div(precision, tf.sum(positives(labels), 1))));
    },
  ],
  'generalized-lifted-structure': [
    () => L.generalizedLiftedStructure(),
    (labels, x) => {
      const distance = euclidean(x);
      const pull = tf.log(sumExp(distance, positives(labels)));
      return tf.mean(tf.relu(tf.add(pull, tf.log(sumExp(tf.sub(1, distance), negatives(labels))))));
    },
  ],
  histogram: [
    () => L.histogram(),
    (labels, x) => {
      const shares = triangles(tf.add(cosines(x), 1), 100, 2);
      const of = (mask) => tf.div(tf.sum(tf.sum(tf.mul(shares, tf.expandDims(mask, 2)), 0), 0), tf.sum(mask));
      return tf.sum(tf.mul(of(negatives(labels)), tf.cumsum(of(positives(labels)))));
    },
  ],
  'intra-pair-variance': [
    () => L.intraPairVariance(),
    (labels, x) => {
      const s = cosines(x);
      const [p, q] = [positives(labels), negatives(labels)];
      const pull = meanUnder(tf.square(tf.relu(tf.sub(tf.mul(0.99, meanUnder(s, p)), s))), p);
      return tf.add(pull, meanUnder(tf.square(tf.relu(tf.sub(s, tf.mul(1.01, meanUnder(s, q))))), q));
    },
  ],
  'lifted-structure': [
    () => L.liftedStructure(),
    (labels, x) => {
      const distance = tf.sub(1, cosines(x));
      const push = sumExp(tf.sub(1, distance), negatives(labels));
      const j = tf.relu(tf.add(distance, tf.log(tf.add(push, tf.transpose(push)))));
      return meanUnder(tf.div(tf.square(j), 2), positives(labels));
    },
  ],
  margin: [
    () => L.margin(),
    (labels, x) => {
      const distance = euclidean(x);
      const pull = tf.mul(tf.relu(tf.sub(distance, 1)), positives(labels));
      const all = tf.add(pull, tf.mul(tf.relu(tf.sub(1.4, distance)), negatives(labels)));
      return tf.div(tf.sum(all), tf.maximum(tf.sum(tf.step(all)), 1));
    },
  ],
  'multi-similarity': [
    () => L.multiSimilarity(),
    (labels, x) => {
      const s = cosines(x);
      const kept = (mask, bar, sign) => tf.mul(mask, tf.step(tf.add(tf.mul(sign, tf.sub(bar, s)), 0.1)));
      const p = kept(positives(labels), farthestOf(s, negatives(labels)), 1);
      const q = kept(negatives(labels), nearestOf(s, positives(labels)), -1);
      const pull = tf.div(logSum(tf.mul(-2, tf.sub(s, 0.5)), p), 2);
      return tf.mean(tf.add(pull, tf.div(logSum(tf.mul(40, tf.sub(s, 0.5)), q), 40)));
    },
  ],
  'multiple-negatives-ranking': [
    () => L.multipleNegativesRanking(),
    (labels, x) => {
      const s = tf.mul(20, cosines(x));
      return meanUnder(tf.log(tf.add(1, tf.mul(sumExp(s, negatives(labels)), tf.exp(tf.neg(s))))), positives(labels));
    },
  ],
  'n-pairs': [
    () => L.nPairs(),
    (labels, x) => {
      const s = tf.matMul(x, x, false, true);
      return meanUnder(tf.log(tf.add(1, tf.mul(sumExp(s, negatives(labels)), tf.exp(tf.neg(s))))), positives(labels));
    },
  ],
  nca: [
    () => L.nca(),
    (labels, x) => {
      const near = tf.neg(squares(x));
      const all = sumExp(near, tf.sub(1, tf.eye(n)));
      return tf.mean(tf.neg(tf.log(tf.div(sumExp(near, positives(labels)), all))));
    },
  ],
  pn: [
    () => L.pn(),
    (labels, x) => {
      const distance = tf.sub(1, cosines(x));
      const far = farthestOf(distance, positives(labels));
      const near = semiHard(distance, negatives(labels), far);
      return tf.mean(tf.softplus(tf.sub(far, near)));
    },
  ],
  pnp: [
    () => L.pnp(),
    (labels, x) => {
      const before = sumUnder(nearer(tf.sub(1, cosines(x)), 0.01), negatives(labels));
      return meanUnder(before, same(labels));
    },
  ],
  'ranked-list': [
    () => L.rankedList(),
    (labels, x) => {
      const distance = euclidean(x);
      const side = (excess, mask, temperature) => {
        const violation = tf.relu(excess);
        const weights = tf.mul(tf.exp(tf.mul(violation, temperature)), tf.mul(mask, tf.step(violation)));
        return tf.mean(tf.div(tf.sum(tf.mul(weights, violation), 1), tf.add(tf.sum(weights, 1), 1e-6)));
      };
      return tf.add(
        side(tf.sub(distance, 0.8), positives(labels), 0),
        side(tf.sub(1.2, distance), negatives(labels), 10),
      );
    },
  ],
  'smooth-ap': [
    () => L.smoothAp(),
    (labels, x) => {
      const sigmoids = nearer(tf.sub(1, cosines(x)), 0.01);
      const rank = (mask) => tf.add(1, tf.sub(sumUnder(sigmoids, mask), tf.mul(0.5, mask)));
      const precision = tf.div(rank(same(labels)), rank(tf.ones([n, n])));
      return tf.sub(1, meanUnder(precision, same(labels)));
    },
  ],
  'snr-contrastive': [
    () => L.snrContrastive(),
    (labels, x) => {
      const centred = tf.sub(x, tf.mean(x, 1, true));
      const distance = tf.div(tf.div(squares(centred), d), tf.mean(tf.square(centred), 1, true));
      const push = meanUnder(tf.relu(tf.sub(1, distance)), negatives(labels));
      return tf.add(meanUnder(distance, positives(labels)), push);
    },
  ],
  'soft-nearest-neighbor': [
    () => L.softNearestNeighbor(),
    (labels, x) => {
      const near = tf.neg(squares(x));
      const all = sumExp(near, tf.sub(1, tf.eye(n)));
      return tf.mean(tf.neg(tf.log(tf.div(sumExp(near, positives(labels)), all))));
    },
  ],
  'sup-con': [
    () => L.supCon(),
    (labels, x) => {
      const s = tf.div(cosines(x), 0.1);
      const all = tf.log(sumExp(s, tf.sub(1, tf.eye(n))));
      return meanUnder(tf.sub(all, s), positives(labels));
    },
  ],
  'tuplet-margin': [
    () => L.tupletMargin(),
    (labels, x) => {
      const s = cosines(x);
      const angle = tf.acos(tf.clipByValue(s, -0.999999, 0.999999));
      const pull = tf.exp(tf.mul(-64, tf.cos(tf.sub(angle, 0.1))));
      return meanUnder(tf.log(tf.add(1, tf.mul(sumExp(tf.mul(64, s), negatives(labels)), pull))), positives(labels));
    },
  ],
};

/** Losses with weights for each class; the naive side is given the weights. */
const overClasses = {
  'arc-face': [
    () => L.arcFace(ofClasses),
    (labels, x, w) => {
      const further = (s) => tf.cos(tf.add(tf.acos(tf.clipByValue(s, -0.999999, 0.999999)), 0.5));
      return crossEntropy(tf.mul(64, target(cosines(x, w), labels, further)), labels);
    },
  ],
  'cos-face': [
    () => L.cosFace(ofClasses),
    (labels, x, w) =>
      crossEntropy(
        tf.mul(
          64,
          target(cosines(x, w), labels, (s) => tf.sub(s, 0.35)),
        ),
        labels,
      ),
  ],
  'large-margin-softmax': [() => L.largeMarginSoftmax(ofClasses)],
  manifold: [() => L.manifold(ofClasses)],
  'normalized-softmax': [
    () => L.normalizedSoftmax(ofClasses),
    (labels, x, w) => crossEntropy(tf.div(cosines(x, w), 0.05), labels),
  ],
  'p2s-grad': [
    () => L.p2sGrad(ofClasses),
    (labels, x, w) => tf.mean(tf.sum(tf.square(tf.sub(cosines(x, w), tf.oneHot(labels, classes))), 1)),
  ],
  'proxy-anchor': [
    () => L.proxyAnchor(ofClasses),
    (labels, x, w) => {
      const s = cosines(w, x); // [classes, n]
      const own = tf.transpose(tf.cast(tf.oneHot(labels, classes), 'float32'));
      const pull = tf.mean(logSum(tf.mul(-32, tf.sub(s, 0.1)), own));
      return tf.add(pull, tf.mean(logSum(tf.mul(32, tf.add(s, 0.1)), tf.sub(1, own))));
    },
  ],
  'proxy-nca': [() => L.proxyNca(ofClasses), (labels, x, w) => crossEntropy(tf.mul(2, cosines(x, w)), labels)],
  'soft-triple': [() => L.softTriple(ofClasses)],
  'sphere-face': [() => L.sphereFace(ofClasses)],
  'sub-center-arc-face': [() => L.subCenterArcFace(ofClasses)],
};

/** Losses over two views of the same items. */
const overViews = {
  'nt-xent': [
    () => L.ntXent(),
    (a, b) => {
      const s = tf.div(cosines(twoRows(a, b)), 0.1);
      const others = tf.log(tf.sum(tf.mul(tf.exp(s), tf.sub(1, tf.eye(2 * n))), 1));
      const own = tf.div(tf.sum(tf.mul(normalized(a), normalized(b)), 1), 0.1);
      return tf.mean(tf.sub(others, tf.concat([own, own])));
    },
  ],
};

const ranking = new Set([
  'angular',
  'histogram',
  'pnp',
  'smooth-ap',
  'dynamic-soft-margin',
  'triplet-margin, all triplets',
]);

await bench('losses', async ({ row, progress, options }) => {
  const report = await selectBackend({ prefer: 'wasm' });
  tf.env().set('CHECK_COMPUTATION_FOR_ERRORS', false); // profile would read every tensor
  const rounds = options.runs ?? 9;
  const wanted = options.positionals ?? [];
  const labels = tf.tensor1d(
    Int32Array.from({ length: n }, (_, i) => i % classes),
    'int32',
  );
  const x = tf.randomNormal([n, d], 0, 1, 'float32', 7);
  const other = tf.randomNormal([n, d], 0, 1, 'float32', 8);

  /** Value and gradients, their numbers read. */
  const pass = (f, inputs) => {
    const { value, grads } = tf.valueAndGrads(f)(inputs);
    value.dataSync();
    for (const grad of grads) grad.dataSync();
    tf.dispose([value, grads]);
  };
  const timed = (side) => {
    const [cpu, started] = [process.cpuUsage(), performance.now()];
    side();
    const wall = performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    return { wall, cpu: (user + system) / 1000 };
  };
  const bytesOf = async (side) => {
    const before = tf.memory().numBytes;
    const { peakBytes } = await tf.profile(() => side());
    return peakBytes - before;
  };
  const triplet = L.tripletMargin();
  const every = L.tripletMargin({ positives: 'all', negatives: 'all' });
  const overTriplets = () => pass((y) => triplet(labels, y), [x]);
  const overEvery = () => pass((y) => every(labels, y), [x]);

  const measure = async (id, ours, naive) => {
    if (wanted.length > 0 && !wanted.includes(id)) return;
    const sides = [overTriplets, overEvery, ours, ...(naive ? [naive] : [])];
    for (const side of sides) side();
    const seen = sides.map(() => []);
    for (let round = 0; round < rounds; round++) {
      const order = sides.map((_, at) => at);
      for (const at of round % 2 === 0 ? order : order.toReversed()) seen[at].push(timed(sides[at]));
    }
    const [toTriplet, toAllTriplets] = [0, 1].map((at) =>
      digits(median(seen[2].map(({ cpu }, round) => cpu / seen[at][round].cpu))),
    );
    const walls = (at) => seen[at].map(({ wall }) => wall);
    row({
      case: id,
      metric: 'forward and backward',
      unit: 'ms',
      ours: walls(2),
      ...(naive && { peer: 'naive', theirs: walls(3) }),
      oursFastest: digits(Math.min(...walls(2))),
      ...(naive && { naiveFastest: digits(Math.min(...walls(3))) }),
      oursCpuMilliseconds: digits(median(seen[2].map(({ cpu }) => cpu))),
      toTriplet,
      ...(ranking.has(id) && { toAllTriplets }),
    });
    row({
      case: id,
      metric: 'peak',
      unit: 'bytes',
      ours: await bytesOf(ours),
      ...(naive && { peer: 'naive', theirs: await bytesOf(naive) }),
    });
  };

  for (const [id, [make, naive]] of Object.entries(overPairs)) {
    const loss = make();
    await measure(id, () => pass((y) => loss(labels, y), [x]), naive && (() => pass((y) => naive(labels, y), [x])));
    loss.dispose?.();
  }
  for (const [id, [make, naive]] of Object.entries(overClasses)) {
    const loss = make();
    const [weights] = loss.variables;
    // Ours takes its weights from its variable: the gradient by them is asked for by name.
    const ours = () => {
      const { value, grads } = tf.variableGrads(() => loss(labels, x), [weights]);
      value.dataSync();
      for (const grad of Object.values(grads)) grad.dataSync();
      tf.dispose([value, grads]);
    };
    const theirs = naive && (() => pass((w) => naive(labels, x, w), [weights]));
    await measure(id, ours, theirs);
    loss.dispose();
  }
  for (const [id, [make, naive]] of Object.entries(overViews)) {
    const loss = make();
    await measure(
      id,
      () => pass(loss, [x, other]),
      () => pass(naive, [x, other]),
    );
  }

  if (wanted.length === 0 || wanted.includes('triplet-margin, all triplets')) {
    const many = 512;
    const rows = tf.randomNormal([many, d], 0, 1, 'float32', 9);
    const ids = tf.tensor1d(
      Int32Array.from({ length: many }, (_, i) => i % classes),
      'int32',
    );
    const large = () => pass((y) => every(ids, y), [rows]);
    row({
      case: 'triplet-margin, all triplets, n = 512',
      metric: 'forward and backward',
      unit: 'ms',
      ours: timed(large).wall,
    });
    row({ case: 'triplet-margin, all triplets, n = 512', metric: 'peak', unit: 'bytes', ours: await bytesOf(large) });
    progress(`${many}³ numbers would be ${many ** 3 * 4} bytes`);
  }
  return { report, n, d, classes };
});

function digits(value) {
  return Number(value.toPrecision(4));
}
