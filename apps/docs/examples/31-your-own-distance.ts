// A distance of your own
// Canberra distance from its formula: values on paper, the checks that ours pass, and a loss that pulls on it.
import { defineDistance } from '@simile/core';
import { abs, add, div, expandDims, neg, relu, sub, sum, tensor1d, tensor2d } from '@simile/core/ops';
import { selectBackend, tripletMargin, type Distance } from 'simile';
import { distanceChecks } from '@simile/testing';

/** Σ |a − b| / (|a| + |b|): differences of small values count as much as of large ones. */
function canberra(): Distance {
  return defineDistance('canberra', (a, b) => {
    const [rows, columns] = [expandDims(a, 1), expandDims(b, 0)]; // [n, 1, d], [1, m, d]
    const size = add(add(abs(rows), abs(columns)), 1e-12); // 0/0 counts as 0
    const apart = sub(rows, columns);
    const absolute = add(relu(apart), relu(neg(apart))); // abs, with a gradient of 0 at 0
    return sum(div(absolute, size), 2); // [n, m]
  });
}

await selectBackend();
const points = tensor2d([
  [1, 2],
  [3, 2],
  [1, 6],
]);
const distances = await canberra()(points).array();
console.log(distances.map((row) => row.map((d) => d.toFixed(1)).join(' ')).join(' | ')); // → 0.0 0.5 0.5 | 0.5 0.0 1.0 | 0.5 1.0 0.0

// Rows 0 and 1 belong together: .5 apart, as far as row 2 is from row 0, and half as far as it is from row 1.
const loss = tripletMargin({ distance: canberra(), margin: 0.2, positives: 'all', negatives: 'all' });
console.log((await loss(tensor1d([0, 0, 1], 'int32'), points).array()).toFixed(2)); // → 0.10

const checks = distanceChecks(canberra, {
  oracle: (a, b) => a.reduce((total, x, k) => total + Math.abs(x - b[k]!) / (Math.abs(x) + Math.abs(b[k]!) + 1e-12), 0),
  worked: [{ a: [[1, 2]], b: [[3, 2]], distances: [[0.5]] }],
  rotationInvariant: false,
  backends: ['cpu'],
});
const outcomes = new Set<string>();
for (const { name, run } of checks) {
  const { outcome, detail } = await run();
  outcomes.add(outcome);
  if (outcome === 'failed') console.log(`${name}: ${detail}`);
}
console.log(checks.length > 10, [...outcomes].join()); // → true passed
