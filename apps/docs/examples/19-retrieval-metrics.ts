// Recall@k, precision@k, MAP@R
// The figures of metric learning papers, of embeddings small enough to check on paper.
import { mapAtR, precisionAtK, recallAtK, retrieval, rPrecision } from '@simile/metrics';

// Five points on a line: two of class a, three of class b. Each is a query; the others are its gallery.
const queries = Float32Array.of(0, 1, 2, 3, 10);
const labels = ['a', 'a', 'b', 'b', 'b'];
const distance = (a: Float32Array, b: Float32Array): number => Math.abs(a[0]! - b[0]!);
const report = retrieval({ queries, labels, dimension: 1, distance, k: [1, 2] });

// The nearest of 0, 1, 2, 3 and 10 are 1, 0, 1, 2 and 3 (of two as near, the first): only that of 2 is wrong.
console.log(report.recallAtK[1]?.toFixed(2)); // → 0.80
console.log(report.recallAtK[2]?.toFixed(2)); // → 1.00
console.log(report.precisionAtK[2]?.toFixed(2)); // → 0.60

// R counts the others of the query's class: 1 for a, 2 for b.
console.log(report.rPrecision.toFixed(2)); // → 0.80
console.log(report.mapAtR.toFixed(3)); // → 0.750

// The same from neighbours that an index found: lists of labels, one row a query.
const ranked = { labels: ['a', 'b'], neighborLabels: ['a', 'b', 'b', 'a', 'b', 'b'] };
const relevant = [1, 2]; // R of each: how many of its class there are
console.log(recallAtK(ranked, 1)); // → 0.5
console.log(precisionAtK(ranked, 3).toFixed(2)); // → 0.50
console.log(rPrecision(ranked, relevant).toFixed(2)); // → 0.75
console.log(mapAtR(ranked, relevant).toFixed(3)); // → 0.625
