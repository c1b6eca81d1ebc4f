import { createRandom } from '@simile/core/random';
import type { ThreadedKernel } from '../workers/kernel-threads.ts';
import { codeRows, countLists, type CodedRows } from './code-rows.ts';
import { ivfShape, type IvfShape } from './ivf-layout.ts';
import { IvfLists } from './ivf-lists.ts';
import { IvfMemory } from './ivf-memory.ts';
import type { IvfModel } from './ivf-model.ts';
import type { Fit } from './model-fit.ts';
import { defaultPartitions, defaultSubspaceSize, parallelWeight, type ReadIvfOptions } from './ivf-options.ts';
import { IvfRows } from './ivf-rows.ts';
import { ivfThreads, type IvfThreads } from './ivf-threads.ts';
import type { Pace } from './pace.ts';
import type { RowSource } from './row-source.ts';
import { trainModel } from './train-model.ts';

/** A model with the lists of the rows that it coded. */
export interface Trained {
  readonly model: IvfModel;
  readonly lists: IvfLists;
  readonly fit: Fit;
  /** Least and largest bias of a row. */
  readonly biases: { least: number; most: number };
}

/** Rows coded by a model that no search sees yet. */
export interface Recoded {
  readonly model: IvfModel;
  readonly coded: CodedRows;
}

/** Addresses of room for some rows. */
interface Room {
  readonly codes: number;
  readonly slots: number;
  readonly raw: number;
  readonly coded: number;
}

/** Rows, and the model and lists over them once there are enough. */
export class IvfStore {
  readonly shape: IvfShape;
  readonly options: ReadIvfOptions;
  readonly memory: IvfMemory;
  readonly rows: IvfRows;
  readonly crew: IvfThreads;
  readonly metric: string;
  /** A Layout that tells the kernel of the rows and nothing else. */
  readonly layout: number;
  trained: Trained | undefined;
  /** Length of the longest row ever held. */
  longest = 0;
  readonly #kernel: ThreadedKernel;
  #room: Room | undefined;

  constructor(metric: string, dimension: number, options: ReadIvfOptions, kernel: ThreadedKernel) {
    this.metric = metric;
    this.#kernel = kernel;
    this.options = options;
    this.shape = ivfShape(metric, dimension, options.subspaceSize ?? defaultSubspaceSize(dimension));
    this.memory = new IvfMemory(kernel);
    this.rows = new IvfRows(this.shape, this.memory);
    this.crew = ivfThreads(this.memory, kernel);
    this.layout = this.memory.allocate(256);
    this.memory.views.u8.fill(0, this.layout, this.layout + 256);
    this.memory.write('layout', this.layout, {
      metric: this.shape.metric,
      dimension,
      width: this.shape.width,
      rowShift: this.rows.shift,
      chunks: this.rows.tables.floats,
    });
  }

  get bytes(): number {
    return this.memory.bytes + this.rows.live.byteLength + (this.trained?.lists.bytes ?? 0);
  }

  /** Trains a model for rows and codes them all by it. Frees what it began when it does not end well. */
  async train(source: RowSource, pace: Pace, onProgress: (done: number) => void): Promise<Recoded> {
    const { seed, anisotropic, partitions } = this.options;
    const model = await trainModel(this.rows, source, {
      partitions: Math.min(partitions ?? defaultPartitions(source.count), source.count),
      parallelWeight: parallelWeight(anisotropic, this.shape.dimension, this.metric),
      random: createRandom(seed),
      pace,
      kernel: this.#kernel,
    });
    try {
      return { model, coded: await codeRows(model, this.crew, source, pace, onProgress) };
    } catch (error) {
      model.free();
      throw error;
    }
  }

  /** Makes room for rows that a new model coded, in lists of its own. @throws `ERR_MEMORY`, then the model is freed */
  prepare({ model, coded }: Recoded): IvfLists {
    let lists: IvfLists | undefined;
    try {
      lists = new IvfLists(this.shape, this.memory, model.partitions, model.layout);
      lists.reserve(this.rows.capacity, countLists(coded, model.partitions));
      return lists;
    } catch (error) {
      lists?.free();
      model.free();
      throw error;
    }
  }

  /** Puts a new model in place of the old one; its rows are all in `coded`. Cannot fail. */
  replace({ model, coded }: Recoded, lists: IvfLists, source: RowSource): void {
    this.trained?.lists.free();
    this.trained?.model.free();
    this.memory.write('layout', model.layout, { lists: lists.table });
    const fit = { rows: source.count, error: coded.error, crowding: 1, since: { rows: 0, error: 0 } };
    const biases = { least: Infinity, most: -Infinity };
    this.trained = { model, lists, fit, biases };
    this.putCoded(coded, source);
    const crowding = Math.max(1, (lists.squares * lists.partitions) / Math.max(1, source.count) ** 2);
    this.trained = { model, lists, fit: { ...fit, crowding }, biases };
  }

  /** Puts coded rows, which are in place as float32 rows, into lists that have room. */
  putCoded(coded: CodedRows, source: RowSource): void {
    const { model, lists } = this.trained!;
    const { memory, rows, shape } = this;
    const { exports } = memory;
    const { stride, codeBytes, width } = shape;
    if (shape.biased && source.count > 0) this.#widenBiases(coded);
    const at = this.makeRoom();
    const block = 64;
    for (let begin = 0; begin < source.count; begin += block) {
      const n = Math.min(block, source.count - begin);
      const { u8, u32, f32 } = memory.views;
      u8.set(coded.codes.subarray(begin * codeBytes, (begin + n) * codeBytes), at.codes);
      for (let i = 0; i < n; i++) {
        const slot = source.slot(begin + i);
        u32[at.slots / 4 + i] = slot;
        const from = rows.address(slot) / 4;
        f32.copyWithin(at.raw / 4 + i * width, from, from + width);
        lists.put(coded.lists[begin + i]!, slot, coded.biases[begin + i]!, at.codes + i * codeBytes);
      }
      exports.transformRows(model.layout, at.raw, n, at.coded, stride);
      exports.putBytes(model.layout, at.coded, n, stride, at.slots);
    }
  }

  /** Room for `putCoded`, made beforehand so that it cannot fail. @throws `ERR_MEMORY` */
  makeRoom(): Room {
    const { codeBytes, width, stride } = this.shape;
    this.#room ??= {
      codes: this.memory.allocate(64 * codeBytes),
      slots: this.memory.allocate(64 * 4),
      raw: this.memory.allocate(64 * width * 4),
      coded: this.memory.allocate(64 * stride * 4),
    };
    return this.#room;
  }

  #widenBiases({ least, most }: CodedRows): void {
    const { model, biases } = this.trained!;
    biases.least = Math.min(biases.least, least);
    biases.most = Math.max(biases.most, most);
    this.memory.write('layout', model.layout, { leastBias: biases.least, mostBias: biases.most });
  }
}
