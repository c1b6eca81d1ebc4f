// A navigable small world over codes: HNSW. Everything lies where the host put it, so that threads may share it: see hnsw/structs.ts.
import { decode } from './hnsw/codes';
import { Context, Graph } from './hnsw/structs';

export { sumVectors } from './hnsw/codes';
export { encodeAgain, encodeBatch, findLinks, linkBack } from './hnsw/insert';
export { repair } from './hnsw/repair';
export { searchAll, searchBatch } from './hnsw/search';
export { areLinksValid } from './hnsw/validate';

/** Writes what the code of a node stands for. */
export function decodeNode(context: Context, node: u32, graph: Graph): void {
  decode(graph, graph.search, node, graph.mean, context.vector);
}
