import type { EngineState, Json } from '../contract.ts';
import { WORDS } from './ivf-layout.ts';
import type { IvfStore } from './ivf-store.ts';
import { IVF_KIND, IVF_VERSION, type IvfMeta } from './ivf-state.ts';
import { lastSlot } from './state-checks.ts';

/** Everything the engine knows. */
export function writeState(store: IvfStore, probes: number | undefined): EngineState {
  const { shape, rows, memory, trained, options, metric } = store;
  const { dimension, subspaceSize, width, stride, subspaces } = shape;
  const slots = lastSlot(rows.live) + 1;
  const view = (at: number, bytes: number): Uint8Array => memory.views.u8.subarray(at, at + bytes);
  const sections = new Map<string, Uint8Array>();
  const live = rows.live.slice(0, (slots + 31) >>> 5);
  sections.set('live', new Uint8Array(live.buffer));
  sections.set('rows', rows.run('floats', slots));
  if (trained) {
    const { model, lists } = trained;
    sections
      .set('int8', rows.run('bytes', slots))
      .set('mean', view(model.mean, stride * 4))
      .set('centroids', view(model.centroids, model.partitions * width * 4))
      .set('words', view(model.codebooks, subspaces * subspaceSize * WORDS * 4))
      .set('counts', new Uint8Array(lists.counts().buffer))
      .set('blocks', lists.blocks());
  }
  const meta: IvfMeta = {
    metric,
    dimension,
    subspaceSize,
    slots,
    probes: probes ?? null,
    trained: trained
      ? {
          partitions: trained.model.partitions,
          scale: trained.model.scale,
          anisotropic: options.anisotropic,
          fit: trained.fit,
          biases: shape.biased ? trained.biases : { least: 0, most: 0 },
        }
      : null,
  };
  return {
    kind: IVF_KIND,
    version: IVF_VERSION,
    meta: meta as unknown as Json,
    sections,
    rows: { section: 'rows', stride: width },
  };
}
