// The small changes that a test should notice: each is the whole text of a unit with one expression changed.
import { parseSync } from 'oxc-parser';
import { operations } from './operations.ts';

export interface Mutant {
  /** Line of the change, from 1. */
  readonly line: number;
  /** Column of the change, from 1. */
  readonly column: number;
  /** The expression as it was. */
  readonly before: string;
  /** The expression in its place. */
  readonly after: string;
  /** The unit's whole text with it. */
  readonly text: string;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const BINARY: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<': ['>', '<='],
  '>': ['<', '>='],
  '<=': ['>=', '<'],
  '>=': ['<=', '>'],
  '===': ['!=='],
  '!==': ['==='],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
};

/** Expressions of one kind to those that stand in their place; `text` is the source of a part. */
type Rule = (node: Node, text: (part: Node) => string) => string[];

const between: Rule = (node, text) => {
  const [left, right] = [text(node['left'] as Node), text(node['right'] as Node)];
  const operator = node['operator'] as string;
  const swapped = (BINARY[operator] ?? []).map((other) => `${left} ${other} ${right}`);
  // A term is dropped as well: a sum has its two terms, a product its two factors.
  if (operator === '+' || operator === '*') swapped.push(left, right);
  if (operator === '-' || operator === '/') swapped.push(left);
  if (operator === '??') swapped.push(right);
  return swapped;
};

const RULES: Readonly<Record<string, Rule>> = {
  BinaryExpression: between,
  LogicalExpression: between,
  AssignmentExpression: (node, text) => between(node, text),
  UnaryExpression: (node, text) => (/^[-!]$/.test(node['operator'] as string) ? [text(node['argument'] as Node)] : []),
  ConditionalExpression: (node, text) => [
    `${text(node['test'] as Node)} ? ${text(node['alternate'] as Node)} : ${text(node['consequent'] as Node)}`,
  ],
  Literal: ({ value }) => {
    if (typeof value === 'boolean') return [String(!value)];
    if (typeof value !== 'number') return [];
    const others = value === 0 ? [1] : value === 1 ? [0, 2] : [value * 2, value + 1];
    return others.filter((other) => other !== value).map(String);
  },
  CallExpression: (node, text) => {
    const callee = text(node['callee'] as Node);
    const given = (node['arguments'] as Node[]).map(text);
    return operations(callee, given);
  },
};

/**
 * All mutants of a unit's text, in the order of their place. Types, imports, strings and docs stay as they are, and so does what
 * a module says at its top about its own name.
 */
export function mutantsOf(file: string, source: string): Mutant[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const imported = new Map<string, string>();
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    for (const { local } of statement.specifiers) imported.set(local.name, statement.source.value);
  }
  const mutants: Mutant[] = [];
  const visit = (node: Node): void => {
    const before = source.slice(node.start, node.end);
    const known = node.type !== 'CallExpression' || isOperation(node, imported);
    const changes = known ? (RULES[node.type]?.(node, (part) => source.slice(part.start, part.end)) ?? []) : [];
    for (const after of new Set(changes)) {
      const lines = source.slice(0, node.start).split('\n');
      // Parentheses, because the new expression may bind less tightly; not where a name would be called or assigned to.
      const put = node.type === 'Literal' || node.type === 'AssignmentExpression' ? after : `(${after})`;
      const text = `${source.slice(0, node.start)}${put}${source.slice(node.end)}`;
      mutants.push({
        line: lines.length,
        column: lines.at(-1)!.length + 1,
        before,
        after,
        text: text + importsOf(after, node, imported),
      });
    }
    for (const child of childrenOf(node)) visit(child);
  };
  for (const statement of program.body) {
    if (!/^(Import|Export(All|Default)|TS)/.test(statement.type)) visit(statement as unknown as Node);
  }
  return mutants.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** A call of an operation: of `Math`, or imported from where tensor operations come from. */
function isOperation(node: Node, imported: ReadonlyMap<string, string>): boolean {
  const callee = node['callee'] as Node;
  if (callee.type === 'Identifier')
    return /(\/ops|tfjs-core|numerics)$/.test(imported.get(callee['name'] as string) ?? '');
  return callee.type === 'MemberExpression' && (callee['object'] as Node)['name'] === 'Math';
}

/** An operation that the mutant uses and the unit doesn't has to be imported; where it stands in the module is all the same. */
function importsOf(after: string, node: Node, imported: ReadonlyMap<string, string>): string {
  if (node.type !== 'CallExpression') return '';
  const name = /^([A-Za-z0-9]+)\(/.exec(after)?.[1];
  const from = imported.get((node['callee'] as Node)['name'] as string);
  return name && from && !imported.has(name) ? `\nimport { ${name} } from '${from}';\n` : '';
}

function childrenOf(node: Node): Node[] {
  return Object.entries(node).flatMap(([field, value]) => {
    if (field === 'key' || field === 'typeAnnotation' || field === 'returnType' || field === 'typeArguments') return [];
    return (Array.isArray(value) ? value : [value]).filter(isNode);
  });
}

function isNode(value: unknown): value is Node {
  const type = (value as Node | null)?.type;
  if (typeof type !== 'string') return false;
  return !type.startsWith('TS') || /^TS(As|NonNull|Satisfies)Expression$/.test(type);
}
