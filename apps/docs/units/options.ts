import ts from 'typescript';
import { rawDocs, readDocs } from './doc-comment.ts';
import { declarationOf, type Declared } from './sources.ts';

/** A parameter or option as its page shows it. */
export interface Option {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  /** What it is, with unit and range; Markdown. */
  readonly text: string;
  /** What it is when left out; Markdown. Undefined where it must be given, or its docs do not say. */
  readonly default: string | undefined;
  /** Default in the code, where it stands in a destructuring. */
  readonly coded: string | undefined;
}

/** Options of a type, its own and those of the types of ours that it is made of. */
export interface OptionSet {
  readonly options: readonly Option[];
  /** Types of other libraries whose options are taken as well. */
  readonly others: readonly string[];
}

const NONE: OptionSet = { options: [], others: [] };

/** Options that a type holds: an interface, what it extends, `Pick`, `Omit` and `&` of such; undefined for other types. */
export function optionsOf(type: ts.TypeNode | undefined, file: string): OptionSet | undefined {
  if (!type) return undefined;
  if (ts.isTypeLiteralNode(type)) return { options: type.members.flatMap(optionOf), others: [] };
  if (ts.isIntersectionTypeNode(type)) return merged(type.types.map((part) => optionsOf(part, file) ?? NONE));
  if (!ts.isTypeReferenceNode(type)) return undefined;
  const name = type.typeName.getText();
  const [of, keys] = type.typeArguments ?? [];
  if (name === 'Readonly' || name === 'Partial') return optionsOf(of, file);
  if (name === 'Pick' || name === 'Omit') {
    const named = literalsOf(keys);
    const { options, others } = optionsOf(of, file) ?? NONE;
    return { options: options.filter((option) => named.includes(option.name) === (name === 'Pick')), others };
  }
  const declared = declarationOf(name, file);
  return declared ? ofDeclaration(declared) : { options: [], others: [name] };
}

function ofDeclaration({ node, file }: Declared): OptionSet | undefined {
  if (ts.isTypeAliasDeclaration(node)) return optionsOf(node.type, file) ?? { options: [], others: [node.name.text] };
  if (!ts.isInterfaceDeclaration(node)) return undefined;
  const parents = node.heritageClauses?.flatMap(({ types }) => types) ?? [];
  const inherited = parents.map((parent) => {
    const reference = ts.factory.createTypeReferenceNode(parent.expression.getText(), parent.typeArguments);
    return parent.typeArguments
      ? (optionsOf(ofText(parent.getText(), file), file) ?? NONE)
      : (optionsOf(ofText(reference.typeName as ts.Identifier | string, file), file) ?? NONE);
  });
  return merged([{ options: node.members.flatMap(optionOf), others: [] }, ...inherited]);
}

/** A type's text as a syntax tree of its own. */
function ofText(text: ts.Identifier | string, file: string): ts.TypeNode {
  const code = `type T = ${typeof text === 'string' ? text : text.text};`;
  const [statement] = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true).statements;
  return (statement as ts.TypeAliasDeclaration).type;
}

function merged(sets: readonly OptionSet[]): OptionSet {
  return { options: sets.flatMap(({ options }) => options), others: sets.flatMap(({ others }) => others) };
}

function literalsOf(keys: ts.TypeNode | undefined): string[] {
  if (!keys) return [];
  const types = ts.isUnionTypeNode(keys) ? [...keys.types] : [keys];
  return types.flatMap((type) =>
    ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : [],
  );
}

function optionOf(member: ts.TypeElement): Option[] {
  if (!member.name || !(ts.isPropertySignature(member) || ts.isMethodSignature(member))) return [];
  const { lead, blocks } = readDocs(rawDocs(member));
  const optional = member.questionToken !== undefined;
  const type = ts.isPropertySignature(member)
    ? (member.type?.getText() ?? 'unknown')
    : member.getText().slice(member.name.getText().length + (optional ? 1 : 0));
  const text = [lead, ...blocks].join(' ');
  return [
    {
      name: member.name.getText(),
      type: type.replace(/;$/, '').replace(/\s+/g, ' '),
      optional,
      ...splitDefault(text),
      coded: undefined,
    },
  ];
}

/** Text and default of an option: “Gap wanted; 0 or more. Default 0.1.” The default's reasons stay in the text. */
export function splitDefault(text: string): { text: string; default: string | undefined } {
  const found = /(?:^|\s)(?:Default|By default) (.+?)\.(?=\s|$)/s.exec(text);
  if (!found) return { text, default: undefined };
  const [whole, said = ''] = found;
  const [short = said] = said.split(/(?:[,;:] |,? (?:with|which|that|as|where|or) )(?![^`]*`(?:[^`]*`[^`]*`)*[^`]*$)/);
  const rest = short === said ? text.replace(whole, '').trim() : text;
  return { text: rest, default: short };
}

/** Defaults of a function's options by name, where it takes them apart: `const { margin = 0.1 } = options`. */
export function codedDefaults(declaration: ts.FunctionDeclaration, parameter: string): Map<string, string> {
  const defaults = new Map<string, string>();
  const take = (pattern: ts.BindingName): void => {
    if (!ts.isObjectBindingPattern(pattern)) return;
    for (const { name, propertyName, initializer } of pattern.elements) {
      if (initializer) defaults.set((propertyName ?? name).getText(), initializer.getText());
    }
  };
  for (const { name } of declaration.parameters) take(name);
  for (const statement of declaration.body?.statements ?? []) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (initializer?.getText() === parameter) take(name);
    }
  }
  return defaults;
}
