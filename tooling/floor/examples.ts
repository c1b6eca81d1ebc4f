// Examples in Markdown: every ```ts block is a program, and every ```js runs block one without types. `console.log(x); // → text` says what it prints.
import { stripTypeScriptTypes } from 'node:module';

export interface Example {
  /** Line of the fence in its file, from 1. */
  readonly line: number;
  readonly code: string;
  /** Its types are checked too. */
  readonly typed: boolean;
}

/**
 * The ts and `js runs` blocks of a Markdown text. `<!-- example: skip, reason -->` on the line before a block leaves it out;
 * `<!-- example: "epochs: 5" → "epochs: 1" -->` lines make the run shorter than the text.
 */
export function examplesIn(markdown: string): Example[] {
  const lines = markdown.split('\n');
  const examples: Example[] = [];
  let changes: [from: string, to: string][] = [];
  let skip = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const directive = /^<!-- example: (.*) -->$/.exec(line);
    if (directive?.[1]?.startsWith('skip, ')) skip = true;
    else if (directive) {
      const change = /^"(.+)" → "(.*)"$/.exec(directive[1]!);
      if (!change) throw new Error(`line ${at + 1}: cannot read ${line}`);
      changes.push([change[1]!, change[2]!]);
    }
    if (!line.startsWith('```')) {
      if (!directive && line.trim() !== '') [changes, skip] = [[], false];
      continue;
    }
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: a code block that does not end`);
    const language = /^```(ts|typescript|js runs)$/.exec(line.trimEnd())?.[1];
    if (language && !skip) {
      const code = changed(lines.slice(at + 1, end).join('\n'), changes, at + 1);
      examples.push({ line: at + 1, code, typed: language.startsWith('t') });
    }
    [changes, skip] = [[], false];
    at = end;
  }
  return examples;
}

function changed(code: string, changes: readonly [string, string][], line: number): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`line ${line}: the block has no ${from} to replace`);
    return text.replaceAll(from, to);
  }, code);
}

/** The program as the floor Node runs it: types blanked out, so that lines and columns stay. */
export function toJavaScript(code: string): string {
  return stripTypeScriptTypes(code, { mode: 'strip' });
}

/** What a program says it prints: the text after `// →` by the line of its console.log. */
export function expectations(code: string): Map<number, string> {
  const expected = new Map<number, string>();
  let call: number | undefined;
  for (const [index, line] of code.split('\n').entries()) {
    if (line.includes('console.log(')) call = index + 1;
    const text = /\/\/ → (.*)$/.exec(line)?.[1];
    if (text === undefined) continue;
    if (call === undefined) throw new Error(`line ${index + 1} has an expected text, but nothing is printed before it`);
    expected.set(call, text.trim());
  }
  return expected;
}

/** Where what was printed differs from what was promised. White space counts once; `…` stands for anything. */
export function differences(expected: ReadonlyMap<number, string>, printed: ReadonlyMap<number, string>): string[] {
  return [...expected].flatMap(([line, text]) => {
    const got = printed.get(line)?.replace(/\s+/g, ' ').trim();
    const pattern = text.replace(/\s+/g, ' ').split('…').map(escape).join('.*');
    if (got !== undefined && new RegExp(`^${pattern}$`).test(got)) return [];
    return [`line ${line} should print ${text}, but ${got === undefined ? 'printed nothing' : `printed ${got}`}`];
  });
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
