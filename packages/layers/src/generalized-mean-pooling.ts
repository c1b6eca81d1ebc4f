import { checkNames, checkOneOf, SimileError } from '@simile/core/errors';
import { squeeze, tidy, type Tensor } from '@simile/core/ops';
import { initializers, layers, type Shape } from '@tensorflow/tfjs-layers';
import { generalizedMean } from './generalized-mean.ts';

type LayerOptions = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** Options of `generalizedMeanPooling1d` and `generalizedMeanPooling2d`. */
export interface GeneralizedMeanPoolingOptions extends LayerOptions {
  /**
   * Exponent: 1 is the mean, Infinity the maximum, −Infinity the minimum, 0 the geometric mean. Text is for saved models,
   * whose JSON has no infinity. Default 3.
   */
  p?: number | 'Infinity' | '-Infinity';
  /** Whether p is a weight that is trained; p must then be finite and not 0. Default false. */
  trainP?: boolean;
  /** Where the channels are. Default `'channelsLast'`. */
  dataFormat?: 'channelsLast' | 'channelsFirst';
  /** Whether the pooled axes stay, with size 1. Default false. */
  keepDims?: boolean;
}

/** What both layers share; `spatialAxes` is 1 or 2. */
export abstract class GeneralizedMeanPooling extends layers.Layer {
  protected abstract readonly spatialAxes: number;
  protected abstract readonly where: string;
  readonly p: number;
  readonly trainP: boolean;
  readonly dataFormat: 'channelsLast' | 'channelsFirst';
  readonly keepDims: boolean;
  private weight: ReturnType<layers.Layer['addWeight']> | undefined;

  constructor(options: GeneralizedMeanPoolingOptions = {}) {
    const { p = 3, trainP = false, dataFormat = 'channelsLast', keepDims = false, ...rest } = options;
    super(rest);
    this.p = Number(p);
    this.trainP = trainP;
    this.dataFormat = dataFormat;
    this.keepDims = keepDims;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    if (shape.length !== this.spatialAxes + 2) {
      throw new SimileError({
        where: this.where,
        rule: `its input must have ${this.spatialAxes + 2} axes: batch, ${this.spatialAxes === 1 ? 'steps' : 'height, width'}, channels`,
        got: shape,
        remedy: 'Check what comes before it.',
        code: 'ERR_SHAPE',
      });
    }
    if (this.trainP) this.weight = this.addWeight('p', [], 'float32', initializers.constant({ value: this.p }));
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch = null, ...rest] = inputShape as Shape;
    const first = this.dataFormat === 'channelsFirst';
    const channels = (first ? rest[0] : rest.at(-1)) ?? null;
    const ones = this.keepDims ? Array<number>(this.spatialAxes).fill(1) : [];
    return first ? [batch, channels, ...ones] : [batch, ...ones, channels];
  }

  override call(inputs: Tensor | Tensor[], kwargs: Parameters<layers.Layer['call']>[1]): Tensor {
    return tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const from = this.dataFormat === 'channelsFirst' ? 2 : 1;
      const axes = Array.from({ length: this.spatialAxes }, (_, i) => from + i);
      const pooled = generalizedMean(x, this.weight?.read() ?? this.p, axes);
      return this.keepDims ? pooled : squeeze(pooled, axes);
    });
  }

  override getConfig(): ReturnType<layers.Layer['getConfig']> {
    const p = Number.isFinite(this.p) ? this.p : String(this.p);
    const { trainP, dataFormat, keepDims } = this;
    return { ...super.getConfig(), p, trainP, dataFormat, keepDims };
  }
}

/** @throws `ERR_OPTION` */
export function checkPoolingOptions(where: string, options: GeneralizedMeanPoolingOptions): void {
  const { p = 3, trainP = false, dataFormat = 'channelsLast', keepDims = false } = options;
  checkNames(where, options, KNOWN);
  checkOneOf(where, { dataFormat }, ['channelsLast', 'channelsFirst']);
  checkOneOf(where, { trainP, keepDims }, [true, false]);
  const value = Number(p);
  if (Number.isNaN(value) || (trainP && !(Number.isFinite(value) && value !== 0))) {
    throw new SimileError({
      where,
      rule: trainP ? 'p must be finite and not 0 where it is trained' : 'p must be a number, ±Infinity included',
      got: p,
      remedy: 'Leave p out to use the default.',
      code: 'ERR_OPTION',
    });
  }
}

const KNOWN: readonly (keyof GeneralizedMeanPoolingOptions)[] = [
  'p',
  'trainP',
  'dataFormat',
  'keepDims',
  'inputShape',
  'batchInputShape',
  'batchSize',
  'dtype',
  'name',
  'trainable',
  'weights',
  'inputDType',
];
