import { broken, numbersOf } from './index-file-sections.ts';

/** A run of text up to this many bytes is decoded as a whole, so that texts of ASCII are slices of it. */
const WHOLE = 1 << 26;

/** Texts one after the other in UTF-8, and where each ends; undefined when one of them has half a character. */
export function writeTexts(texts: readonly string[]): { text: Uint8Array; ends: Uint8Array } | undefined {
  const encoder = new TextEncoder();
  const ends = new Uint32Array(texts.length);
  let run = new Uint8Array(16 * texts.length + 64);
  let at = 0;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    if (/\p{Surrogate}/u.test(text)) return undefined;
    while (run.length - at < 3 * text.length) {
      const grown = new Uint8Array(Math.ceil((run.length + 3 * text.length) * 1.5));
      grown.set(run);
      run = grown;
    }
    at += encoder.encodeInto(text, run.subarray(at)).written;
    if (at > 0xffffffff) throw new RangeError('texts of 4 GiB and more');
    ends[i] = at;
  }
  return { text: run.subarray(0, at), ends: new Uint8Array(ends.buffer) };
}

/**
 * Reads what {@link writeTexts} wrote, from sections `NAME.text` and `NAME.ends`: a function from place to text.
 *
 * @throws `ERR_FILE`; the function too, for what is not UTF-8
 */
export function readTexts(
  sections: ReadonlyMap<string, Uint8Array>,
  name: string,
  count: number,
): (at: number) => string {
  const bytes = sections.get(`${name}.text`) ?? new Uint8Array();
  const ends = numbersOf(sections.get(`${name}.ends`), Uint32Array, `${name}.ends`, count);
  checkEnds(ends, bytes.length, name);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (begin: number, end: number): string => {
    try {
      return decoder.decode(bytes.subarray(begin, end));
    } catch (cause) {
      throw broken(`${name} must be UTF-8`, undefined, cause);
    }
  };
  let ascii: string | undefined;
  let looked = bytes.length > WHOLE;
  return (at) => {
    const begin = at === 0 ? 0 : ends[at - 1]!;
    const end = ends[at]!;
    if (!looked) {
      looked = true;
      const whole = decode(0, bytes.length);
      if (whole.length === bytes.length) ascii = whole;
    }
    return ascii === undefined ? decode(begin, end) : ascii.slice(begin, end);
  };
}

/** Ends must not go back, and the last must be that of the run. @throws `ERR_FILE` */
export function checkEnds(ends: Uint32Array | Float64Array, length: number, name: string): void {
  let before = 0;
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i]!; // by number: this is done for every record of an index that is opened
    if (!(end >= before)) throw broken(`ends of ${name} must not go back`, end);
    before = end;
  }
  if (before !== length) throw broken(`${name} must end at byte ${length}`, before);
}
