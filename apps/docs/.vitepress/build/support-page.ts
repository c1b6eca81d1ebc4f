import { dependenciesTable } from './dependencies.ts';

/** What is supported, how versions move, what is depended on. */
export const supportPage = (): string => `---
description: 'Where Simile runs, what each platform brings, how versions move, what we depend on and how we outlive it.'
---

# Support and versions

## Where it runs

| platform | index, metrics, pictures | training | tested by |
| --- | --- | --- | --- |
| Node 20.19 | yes | \`wasm\`, \`cpu\` | every README example and every public name, on the built packages |
| Node 22, 24 | yes | \`wasm\`, \`cpu\` | all unit tests (24) |
| Chromium | yes | \`wasm\`, \`webgl\`, \`webgpu\`, \`cpu\` | browser tests, the demo and this site clicked through |
| Firefox, Safari | standards only | \`wasm\`, \`webgl\` | not in our tests: reports are welcome |
| workers of pages | yes | the same | browser tests |
| Bun, Deno | plain ES modules and WebAssembly | expected | not in our tests |
| edge workers | index and metrics, with \`wasm: module\` | no | not in our tests |

| feature | with | without |
| --- | --- | --- |
| WASM SIMD | kernels of four to sixteen values a step | the same results, slower |
| relaxed SIMD | training a fifth faster | the same to rounding |
| shared memory (isolated pages, Node) | threads | one thread, no error |
| \`navigator.locks\`, OPFS, IndexedDB | indices that keep themselves | indices in memory, and bytes |

## Bundlers

Packages are ES modules with exact types, without side effects, top-level await, install scripts or anything native. Vite, webpack, esbuild, Rollup and a plain
import map are built and opened in the tests. A content security policy needs \`'wasm-unsafe-eval'\`, which browsers want for any WebAssembly.

## Versions

- Packages have versions of their own and follow semantic versioning. Before 1.0 a minor version may break; the changes say what and how to move.
- The public interface is recorded in a report for each package; a change of it shows in review.
- **Files** of every version so far stay readable, which fixtures of old versions prove. A newer file in an older version is an \`ERR_FILE\` that says so.
- The text of an error may improve; its \`code\` does not change.
- Node: each version until its own end of life, at least. The floor moves only in a major version.

## What we depend on

Nothing has an install script. Everything is pinned, and what is published was tested with what is in this table.

${dependenciesTable()}

TensorFlow.js is the one that matters. Its last versions come slowly, so we took precautions: our kernels and optimizers are our own, the index and the metrics do not know it, all tensor operations
come through one module, and models are saved in a [format of ours](/guides/formats) from which weights are read without it. A test compares each of its operations with
our backends, so a new version shows at once [what changed](/guides/backends).
`;
