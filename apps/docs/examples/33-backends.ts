// Backends: which one computes, and why
// Each backend that is here must get known gradients right and is timed; the report says what was chosen.
import { formatBackendReport, selectBackend } from 'simile';
import { grad, square, sum, tensor1d, type Tensor1D } from '@simile/core/ops';

const report = await selectBackend();
console.log(formatBackendReport(report)); // → Backend …
console.log(report.training); // → true

for (const { name, ok, milliseconds, reason } of report.tried) {
  console.log(`${name}: ${ok ? `${milliseconds?.toFixed(1)} ms a step` : reason}`); // → …
}

// Every operation of Simile has its gradient on it: that of Σ x² is 2x.
const x = tensor1d([1, 2, 3]);
const gradient = grad((rows) => sum(square(rows as Tensor1D)))(x);
console.log([...(await gradient.data())].join(' ')); // → 2 4 6

// To name one, or to embed and search alone: selectBackend({ prefer: 'wasm', training: false }).
const plain = await selectBackend({ prefer: 'cpu' });
console.log(plain.chosen, plain.training); // → cpu true
