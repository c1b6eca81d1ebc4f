/** Characters that XML 1.0 cannot hold, even escaped: controls and halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff]/gu;

/** Data as text of XML or HTML: nothing in it can become markup. */
export function escapeMarkup(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** About how wide a text is in Inter and its like: no fonts are asked, so that every machine draws the same. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width * size;
}

function widthOf(character: string): number {
  if (character >= '\u2e80') return 1; // Chinese, Japanese, Korean, pictographs
  if (/[ilj.,:;'|!()[\]]/.test(character)) return 0.32;
  if (/[mwMW@%]/.test(character)) return 0.9;
  return /[A-Z]/.test(character) ? 0.7 : 0.58;
}

/** A text on one line, cut with an ellipsis to fit a width in pixels. */
export function fitText(text: string, size: number, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (textWidth(line, size) <= width) return line;
  let kept = '';
  for (const character of line) {
    if (textWidth(`${kept}${character}…`, size) > width) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Lines of at most `width` pixels, broken between words; the last of `most` ends in an ellipsis when more would follow. */
export function wrapText(text: string, size: number, width: number, most: number): string[] {
  const lines: string[] = [];
  let rest = text.replace(/\s+/g, ' ').trim();
  while (rest && lines.length < most - 1) {
    const line = firstLine(rest, size, width);
    lines.push(line);
    rest = rest.slice(line.length).trimStart();
  }
  if (rest) lines.push(fitText(rest, size, width));
  return lines;
}

function firstLine(text: string, size: number, width: number): string {
  let line = '';
  for (const word of text.split(/(?<= )/)) {
    if (textWidth((line + word).trimEnd(), size) > width) break;
    line += word;
  }
  if (line) return line.trimEnd();
  // A word wider than the line is broken where it must be.
  for (const character of text) {
    if (line && textWidth(line + character, size) > width) break;
    line += character;
  }
  return line;
}

/** A coordinate as SVG writes it: at most two decimals. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Three digits that count, so that near ones can be told apart. */
export function formatDistance(distance: number): string {
  if (distance === 0) return '0';
  const size = Math.abs(distance);
  if (size < 1e-4 || size >= 1e6) return distance.toExponential(2);
  return distance.toFixed(Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(size)))));
}
