import { SimileError } from '@simile/core/errors';
import type { Items } from '@simile/core/items';
import { readBytes } from '@simile/core/storage';
import { convertIndexedToRgb, decode, hasPngSignature, type DecodedPng } from 'fast-png';

/**
 * A PNG file as a model takes it: `[1, height, width, channels]`, 0 to 255. Colours become grey for a model of
 * one channel (by the weights of ITU-R BT.601), grey becomes three equal channels for a model of colours, and what is
 * transparent lies on white. Sizes are left alone: stretching would change what is recognised.
 *
 * @param shape Shape of one item of the model; null where any size will do
 * @throws `ERR_FILE` for a file that is missing or no PNG, `ERR_SHAPE` for another size, or a model that takes no images
 */
export async function readPng(path: string, shape: readonly (number | null)[]): Promise<Items<Uint8Array>> {
  const [high, wide, channels] = shape;
  if (shape.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw problem('ERR_SHAPE', 'the model must take images of 1 or 3 channels', `[${shape}]`, 'Match it from code.');
  }
  const { width, height, rgb } = decodePng(path, await readBytes(path));
  if ((high ?? height) !== height || (wide ?? width) !== width) {
    const got = `${width} × ${height} in ${path}`;
    throw problem('ERR_SHAPE', `images must be ${wide} × ${high} pixels, as the model says`, got, 'Resize it first.');
  }
  const grey = (i: number): number => 0.299 * rgb[3 * i]! + 0.587 * rgb[3 * i + 1]! + 0.114 * rgb[3 * i + 2]!;
  const data = new Uint8Array(width * height * channels);
  for (let i = 0; i < data.length; i++) data[i] = Math.round(channels === 3 ? rgb[i]! : grey(i));
  return { data, shape: [1, height, width, channels] };
}

function decodePng(path: string, bytes: Uint8Array): { width: number; height: number; rgb: Float64Array } {
  if (!hasPngSignature(bytes)) throw problem('ERR_FILE', `${path} must be a PNG file`, undefined, 'Convert it first.');
  let image: DecodedPng;
  try {
    image = decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw problem('ERR_FILE', `${path} must be a whole PNG file`, String(cause), 'Save it again.');
  }
  const { width, height, palette, depth } = image;
  const data = palette ? convertIndexedToRgb(image) : image.data;
  const channels = data.length / (width * height);
  if (!palette && depth < 8) {
    throw problem('ERR_FILE', `${path} must have 8 or 16 bits a channel, or a palette`, depth, 'Save it so.');
  }
  const scale = !palette && depth === 16 ? 255 / 65_535 : 1;
  const rgb = new Float64Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const at = i * channels;
    const seen = channels % 2 === 0 ? (data[at + channels - 1]! * scale) / 255 : 1;
    for (let c = 0; c < 3; c++) rgb[3 * i + c] = 255 + seen * (data[at + (channels > 2 ? c : 0)]! * scale - 255);
  }
  return { width, height, rgb };
}

function problem(code: 'ERR_FILE' | 'ERR_SHAPE', rule: string, got: unknown, remedy: string): SimileError {
  return new SimileError({ where: 'match', rule, ...(got !== undefined && { got }), remedy, code });
}
