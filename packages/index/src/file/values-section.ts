import { broken, numbersOf } from './index-file-sections.ts';
import { readTexts, writeTexts } from './texts-section.ts';

/** What ids and labels are: numbers and texts. */
type Value = number | string;

/** Sections by name, as they are read and written. */
export type SectionMap = Map<string, Uint8Array>;

const NAMES = ['int32', 'float64', 'text', 'ends', 'json'];

/**
 * Adds the sections of a list: `int32` or `float64` for numbers; `text` and `ends` for texts, with `float64` beside them when
 * some are numbers (NaN for the texts); `json` when a text has half a character, which UTF-8 cannot write.
 */
export function writeValues(sections: Map<string, unknown>, name: string, values: readonly Value[]): void {
  const texts = values.some((value) => typeof value === 'string');
  const numbers = values.some((value) => typeof value === 'number');
  if (texts) {
    const run = writeTexts(values.map((value) => (typeof value === 'string' ? value : '')));
    if (!run) {
      sections.set(`${name}.json`, new TextEncoder().encode(JSON.stringify(values)));
      return;
    }
    sections.set(`${name}.text`, run.text);
    sections.set(`${name}.ends`, run.ends);
  }
  if (texts && !numbers) return;
  const whole = !texts && values.every((value) => Object.is((value as number) | 0, value));
  const list = whole
    ? Int32Array.from(values as number[])
    : Float64Array.from(values, (value) => (typeof value === 'number' ? value : NaN));
  sections.set(`${name}.${whole ? 'int32' : 'float64'}`, new Uint8Array(list.buffer));
}

/** Whether there is a list of that name. */
export function hasValues(sections: ReadonlyMap<string, unknown>, name: string): boolean {
  return NAMES.some((form) => sections.has(`${name}.${form}`));
}

/**
 * Reads what {@link writeValues} wrote: a function from place to value, which decodes then.
 *
 * @throws `ERR_FILE`; the function too, for text that is not UTF-8
 */
export function readValues(sections: SectionMap, name: string, count: number): (at: number) => Value {
  const json = sections.get(`${name}.json`);
  if (json) return readJsonValues(json, name, count);
  const whole = sections.get(`${name}.int32`);
  if (whole) {
    const numbers = numbersOf(whole, Int32Array, `${name}.int32`, count);
    return (at) => numbers[at]!;
  }
  const plain = sections.get(`${name}.float64`);
  const numbers = plain && numbersOf(plain, Float64Array, `${name}.float64`, count);
  if (!sections.has(`${name}.text`)) {
    if (!numbers) throw broken(`there must be ${name}`);
    if (numbers.some((value) => !Number.isFinite(value))) throw broken(`${name} must be finite numbers`);
    return (at) => numbers[at]!;
  }
  const text = readTexts(sections, name, count);
  if (!numbers) return text;
  return (at) => {
    const number = numbers[at]!;
    return Number.isFinite(number) ? number : text(at);
  };
}

function readJsonValues(bytes: Uint8Array, name: string, count: number): (at: number) => Value {
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw broken(`section ${name}.json must be JSON`, undefined, cause);
  }
  if (!Array.isArray(list) || list.length !== count) throw broken(`${name} must be a list of ${count}`, list);
  const wrong = list.find((value) => typeof value !== 'string' && !Number.isFinite(value));
  if (wrong !== undefined) throw broken(`${name} must be numbers and texts`, wrong);
  return (at) => list[at] as Value;
}
