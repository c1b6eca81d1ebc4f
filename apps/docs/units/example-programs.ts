import { join } from 'node:path';
import ts from 'typescript';
import { kinds } from './kinds.ts';
import { exportsOf, root } from './sources.ts';
import type { Unit } from './units.ts';

/** The example of a unit as a program. */
export interface ExampleProgram {
  /** What the page shows: the imports that the example needs, and the example. */
  readonly shown: string;
  /** The same as a program for the playground, which prints the values that comments speak of. */
  readonly playable: string;
  /** The same with calls that report each value that a comment speaks of, and each call of what the unit made. */
  readonly traced: string;
  /** What the comments say of the values reported, in their order. */
  readonly said: readonly string[];
}

/** Names that examples use without importing them: what stands in the import, and where they come from. */
interface Origin {
  readonly word: string;
  readonly module: string;
}

let origins: ReadonlyMap<string, Origin> | undefined;

/** Packages that an example may take names from, the first that has it. */
const providers: readonly (readonly [module: string, file: string])[] = [
  ...kinds.map(({ package: name }) => [`@simile/${name}`, `packages/${name}/src/index.ts`] as const),
  ['@simile/core', 'packages/core/src/index.ts'],
  ['@simile/core/ops', 'packages/core/src/ops.ts'],
  ['@simile/core/random', 'packages/core/src/random.ts'],
  ['@simile/distances/vectors', 'packages/distances/src/vectors.ts'],
];

function originOf(name: string, { from }: Unit): Origin | undefined {
  origins ??= new Map([
    ...providers.toReversed().flatMap(originsIn),
    ...['models', 'sequential'].map((word) => [word, { word, module: '@tensorflow/tfjs-layers' }] as const),
    ...['tensor3d', 'tensor4d'].map((word) => [word, { word, module: '@tensorflow/tfjs-core' }] as const),
  ]);
  const own = providers.find(([module]) => module === from);
  return (own && new Map(originsIn(own)).get(name)) ?? origins.get(name);
}

function originsIn([module, file]: (typeof providers)[number]): (readonly [string, Origin])[] {
  const exported = exportsOf(join(root, file));
  return exported.map(({ name, type }) => [name, { word: type ? `type ${name}` : name, module }]);
}

const BACKEND = "import { selectBackend } from '@simile/core/backend';";
const START = 'await selectBackend();';

/** Makes a unit's example a program. */
export function exampleProgram(unit: Unit): ExampleProgram | undefined {
  const code = unit.docs.example;
  if (code === undefined) return undefined;
  const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true);
  const imports = importsFor(file, unit);
  const { text, said, printing } = traced(file, unit);
  const head = `import { trace } from '../../units/trace.ts';\nawait trace.start('${unit.kind.id}/${unit.id}');\n`;
  return {
    shown: imports === '' ? code : `${imports}\n\n${code}`,
    playable: `${[imports, unit.kind.tensors && BACKEND].filter(Boolean).join('\n')}\n\n${unit.kind.tensors ? `${START}\n` : ''}${printing}\n`,
    traced: `${imports}\n${head}${text}\nawait trace.end();\n`,
    said,
  };
}

function importsFor(file: ts.SourceFile, unit: Unit): string {
  const declared = new Set<string>();
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isBindingElement(node) || ts.isVariableDeclaration(node) || ts.isParameter(node)) {
      if (ts.isIdentifier(node.name)) declared.add(node.name.text);
    }
    if (ts.isIdentifier(node) && isUse(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  const wanted = new Map<string, string[]>();
  for (const name of [...used].filter((one) => !declared.has(one)).toSorted((a, b) => a.localeCompare(b, 'en'))) {
    const origin = originOf(name, unit);
    if (origin) wanted.set(origin.module, [...(wanted.get(origin.module) ?? []), origin.word]);
  }
  return [...wanted]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([module, names]) => `import { ${names.join(', ')} } from '${module}';`)
    .join('\n');
}

/** A name that stands for a value, not a property or a key. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  return !ts.isVariableDeclaration(parent) || parent.initializer === node;
}

/** A change of the text: what stands from `start` to `end` becomes `text`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an example becomes: reporting, and printing. */
interface Traced {
  readonly text: string;
  readonly said: string[];
  readonly printing: string;
}

function traced(file: ts.SourceFile, unit: Unit): Traced {
  const said: string[] = [];
  const prints: Edit[] = [];
  const edits: Edit[] = [];
  const made = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer && isCallOf(node.initializer, unit.name)) {
      if (ts.isIdentifier(node.name)) made.add(node.name.text);
    }
    if (ts.isCallExpression(node) && isMadeCall(node, unit, made)) {
      edits.push({ start: node.expression.getStart(), end: node.expression.end, text: 'trace.call' });
      const callee = calleeOf(node);
      edits.push({ start: node.arguments.pos, end: node.arguments.pos, text: `${callee}, ` });
    }
    if (ts.isExpressionStatement(node) || ts.isVariableStatement(node)) {
      const comment = commentAfter(file, node);
      if (comment !== undefined) {
        said.push(comment);
        if (ts.isExpressionStatement(node)) {
          const open = comment.startsWith('throws') ? 'await trace.show(() => ' : 'await trace.show(';
          edits.push({ start: node.getStart(), end: node.getStart(), text: open });
          edits.push({ start: node.expression.end, end: node.end, text: ');' });
          if (!comment.startsWith('throws')) {
            prints.push({ start: node.getStart(), end: node.getStart(), text: 'console.log(' });
            prints.push({ start: node.expression.end, end: node.end, text: ');' });
          }
        } else {
          edits.push({ start: node.end, end: node.end, text: `\nawait trace.show(${boundBy(node)});` });
          prints.push({ start: file.end, end: file.end, text: `\nconsole.log(${boundBy(node)});` });
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { text: applied(file.text, edits), said, printing: applied(file.text, prints) };
}

function applied(text: string, edits: readonly Edit[]): string {
  const inOrder = edits.toSorted((a, b) => b.start - a.start || b.end - a.end);
  return inOrder.reduce((code, { start, end, text: put }) => code.slice(0, start) + put + code.slice(end), text);
}

function isCallOf(node: ts.Expression, name: string): boolean {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name;
}

/** A call of what the unit's function made, `loss(…)`, `lp()(…)`, `pooling.apply(…)`; or of the function itself where it makes nothing. */
function isMadeCall(node: ts.CallExpression, { name, kind, result }: Unit, made: ReadonlySet<string>): boolean {
  if (!kind.tensors || kind.id === 'samplers') return false;
  const { expression } = node;
  if (!/^(\w*Loss|Regularizer|Distance|Miner|layers\.|Activation|\()/.test(result)) return isCallOf(node, name);
  const isMade = (one: ts.Expression): boolean => isCallOf(one, name) || (ts.isIdentifier(one) && made.has(one.text));
  if (isMade(expression)) return true;
  return ts.isPropertyAccessExpression(expression) && expression.name.text === 'apply' && isMade(expression.expression);
}

function calleeOf({ expression }: ts.CallExpression): string {
  if (!ts.isPropertyAccessExpression(expression)) return expression.getText();
  return `(x: never) => ${expression.getText()}(x)`;
}

/**
 * The comment that speaks of a statement's value: behind it, or below where it is the last. A declaration's speaks of its value
 * only below, behind it of what is on its right.
 */
function commentAfter(file: ts.SourceFile, node: ts.ExpressionStatement | ts.VariableStatement): string | undefined {
  const text = (ranges: readonly ts.CommentRange[] = []): string | undefined =>
    ranges.map(({ pos, end }) => file.text.slice(pos + 2, end).trim()).join(' ') || undefined;
  const behind = text(ts.getTrailingCommentRanges(file.text, node.end));
  if (behind !== undefined) return ts.isExpressionStatement(node) ? behind : undefined;
  const siblings = (node.parent as ts.SourceFile | ts.Block).statements;
  return siblings.at(-1) === node ? text(ts.getLeadingCommentRanges(file.text, node.end)) : undefined;
}

/** What a declaration binds, as an object of that. */
function boundBy({ declarationList }: ts.VariableStatement): string {
  const name = declarationList.declarations.at(-1)!.name;
  if (ts.isIdentifier(name)) return name.text;
  return `{ ${name.elements.flatMap((element) => ('name' in element ? [element.name.getText()] : [])).join(', ')} }`;
}
