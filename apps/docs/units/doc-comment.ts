import ts from 'typescript';

/** A doc comment in its parts, as Markdown. */
export interface DocComment {
  /** First paragraph: what it is. */
  readonly lead: string;
  /** The other paragraphs and the formulas in their order; formulas stand between `$$`. */
  readonly blocks: readonly string[];
  /** Table of shapes, dtypes and units. */
  readonly table: string | undefined;
  /** What follows “Cost:”. */
  readonly cost: string | undefined;
  readonly params: ReadonlyMap<string, string>;
  readonly returns: string | undefined;
  readonly throws: string | undefined;
  readonly see: string | undefined;
  readonly example: string | undefined;
}

/** The last doc comment before a declaration, without its stars; empty where there is none. */
export function rawDocs(node: ts.Node): string {
  const text = node.getSourceFile().text;
  const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const docs = comments.map(({ pos, end }) => text.slice(pos, end)).findLast((comment) => comment.startsWith('/**'));
  if (!docs) return '';
  const lines = docs.slice(3, -2).split('\n');
  return lines
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

/** Takes a doc comment apart. */
export function readDocs(raw: string): DocComment {
  const [body = '', ...tags] = raw.split(/(?:^|(?<=\s))(?=@(?:param|returns|throws|see|example)\b)/);
  const blocks = blocksOf(body);
  const table = blocks.find((block) => block.startsWith('|'));
  const costs: string[] = [];
  const rest = blocks
    .filter((block) => block !== table)
    .map((block) => {
      const [before = '', ...after] = block.split(/(?<=^|\s)Cost[:,] /);
      costs.push(...after.map(sentence));
      return before.trim();
    })
    .filter((block) => block !== '');
  const tagged = (name: string): string[] =>
    tags.filter((tag) => tag.startsWith(`@${name}`)).map((tag) => tag.slice(name.length + 1).trim());
  const joined = (name: string): string | undefined => tagged(name).map(flowing).join('; ') || undefined;
  return {
    lead: rest[0] ?? '',
    blocks: rest.slice(1),
    table,
    cost: costs.join(' ') || undefined,
    params: new Map(
      tagged('param').map((text) => [/^\w+/.exec(text)?.[0] ?? '', flowing(text.replace(/^\w+\s*/, ''))]),
    ),
    returns: joined('returns'),
    throws: joined('throws'),
    see: joined('see'),
    example: tagged('example').join('\n') || undefined,
  };
}

/** Paragraphs, formulas and tables; a paragraph is brought into one line. */
function blocksOf(body: string): string[] {
  return body
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => (/^[|$]|^\s*[-*] |^```/.test(block) ? block : flowing(block)));
}

function flowing(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
}
