import { vectorDistance, type DistanceName } from './vectors.ts';
import { testDistance } from '@simile/testing';
import { test } from 'vitest';
import {
  angular,
  chebyshev,
  cosine,
  euclidean,
  innerProduct,
  manhattan,
  minkowski,
  snr,
  squaredEuclidean,
} from './index.ts';

// The oracles of Node are float64 loops of their own; here the GPU is compared with the form on vectors, which those proved.
const backends = ['webgl', 'webgpu'] as const;
const oracle = (name: DistanceName) => vectorDistance(name);

testDistance(
  cosine,
  {
    oracle: oracle('cosine'),
    worked: [{ a: [[3, 4]], b: [[4, 3]], distances: [[0.04]] }],
    scaleInvariant: true,
    backends,
  },
  { test },
);
testDistance(
  euclidean,
  { oracle: oracle('euclidean'), worked: [{ a: [[0, 0]], b: [[3, 4]], distances: [[5]] }], backends },
  { test },
);
testDistance(
  squaredEuclidean,
  { oracle: oracle('squared-euclidean'), worked: [{ a: [[0, 0]], b: [[3, 4]], distances: [[25]] }], backends },
  { test },
);
testDistance(
  manhattan,
  {
    oracle: oracle('manhattan'),
    worked: [{ a: [[0, 0]], b: [[3, 4]], distances: [[7]] }],
    rotationInvariant: false,
    backends,
  },
  { test },
);
testDistance(
  innerProduct,
  {
    oracle: oracle('inner-product'),
    worked: [{ a: [[1, 2]], b: [[3, 4]], distances: [[-11]] }],
    zeroForEqualRows: false,
    nonNegative: false,
    backends,
  },
  { test },
);
testDistance(
  snr,
  {
    oracle: oracle('snr'),
    worked: [{ a: [[0, 2]], b: [[2, 0]], distances: [[4]] }],
    symmetric: false,
    rotationInvariant: false,
    backends,
  },
  { test },
);
testDistance(
  angular,
  {
    oracle: oracle('angular'),
    worked: [{ a: [[3, 0]], b: [[0, 2]], distances: [[Math.PI / 2]] }],
    scaleInvariant: true,
    backends,
  },
  { test },
);
// Hamming and Jaccard distances are made of what the Manhattan distance is made of.
for (const [make, name, far] of [
  [chebyshev, 'chebyshev', 4],
  [minkowski, 'minkowski-3', Math.cbrt(91)],
] as const) {
  testDistance(
    make,
    {
      oracle: oracle(name),
      worked: [{ a: [[0, 0]], b: [[3, 4]], distances: [[far]] }],
      rotationInvariant: false,
      backends,
    },
    { test },
  );
}
