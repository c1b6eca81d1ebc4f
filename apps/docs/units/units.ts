import { basename, join } from 'node:path';
import ts from 'typescript';
import { rawDocs, readDocs, type DocComment } from './doc-comment.ts';
import { kinds, type Kind } from './kinds.ts';
import { codedDefaults, optionsOf, splitDefault, type Option } from './options.ts';
import { declarationOf, exportsOf, fromRoot, root, sourceFile } from './sources.ts';

/** A public function of a package: what has a page. */
export interface Unit {
  readonly kind: Kind;
  /** Name of its page: that of the function in kebab-case. */
  readonly id: string;
  /** Name of the function. */
  readonly name: string;
  /** Package to import it from. */
  readonly from: string;
  /** Group in the table of its kind. */
  readonly group: string;
  /** Path in the repository, and line of the declaration. */
  readonly file: string;
  readonly line: number;
  readonly docs: DocComment;
  /** As one would call it: name, parameters and result, with types. */
  readonly signature: string;
  readonly result: string;
  readonly parameters: readonly Option[];
  readonly options: readonly Option[];
  /** Types of other libraries whose options it takes as well. */
  readonly otherOptions: readonly string[];
}

/** Address of a unit's page on the site. */
export function linkTo({ kind, id }: Unit): string {
  return `/${kind.id}/${id}`;
}

let known: readonly Unit[] | undefined;

/** All units, by kind and group. Reads the sources once. */
export function allUnits(): readonly Unit[] {
  known ??= kinds.flatMap(unitsOf);
  return known;
}

/** The units of a kind in the order of its groups, those of no group by name. */
function unitsOf(kind: Kind): Unit[] {
  const index = join(root, 'packages', kind.package, 'src/index.ts');
  const grouped = Object.entries(kind.groups).flatMap(([group, names]) => names.map((name) => [name, group] as const));
  const groups = new Map(grouped);
  const order = [...groups.keys()];
  const place = (name: string): number => (groups.has(name) ? order.indexOf(name) : order.length);
  return exportsOf(index)
    .filter(({ type, file }) => !type && basename(file) !== 'plugin.ts')
    .map(({ name, local, file }) => readUnit(kind, { name, local, file, group: groups.get(name) ?? kind.title }))
    .sort((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name, 'en'));
}

interface Where {
  readonly name: string;
  readonly local: string;
  readonly file: string;
  readonly group: string;
}

function readUnit(kind: Kind, { name, local, file, group }: Where): Unit {
  const declaration = declarationOf(local, file)?.node;
  if (!declaration || !ts.isFunctionDeclaration(declaration)) throw new Error(`${file}: ${local} is not a function`);
  const docs = readDocs(docsOf(local, declaration, file));
  const parameters: Option[] = [];
  const options: Option[] = [];
  const others: string[] = [];
  for (const { name: binding, type, initializer, questionToken, dotDotDotToken } of declaration.parameters) {
    const word = ts.isIdentifier(binding) ? binding.text : 'counts';
    const held = /options$/i.test(word) || /Options\b/.test(type?.getText() ?? '') ? optionsOf(type, file) : undefined;
    if (held) {
      const coded = codedDefaults(declaration, word);
      options.push(...held.options.map((option) => ({ ...option, coded: coded.get(option.name) })));
      others.push(...held.others);
      continue;
    }
    parameters.push({
      name: dotDotDotToken ? `…${word}` : word,
      type: type?.getText().replace(/\s+/g, ' ') ?? 'unknown',
      optional: Boolean(initializer ?? questionToken ?? dotDotDotToken),
      ...splitDefault(docs.params.get(word) ?? ''),
      coded: initializer?.getText(),
    });
  }
  return {
    kind,
    id: kebab(name),
    name,
    from: `@simile/${kind.package}`,
    group,
    file: fromRoot(file),
    line: sourceFile(file).getLineAndCharacterOfPosition(declaration.getStart()).line + 1,
    docs,
    signature: signatureOf(name, declaration),
    result: declaration.type?.getText().replace(/\s+/g, ' ') ?? 'void',
    parameters,
    options,
    otherOptions: others,
  };
}

/** Docs of the declaration with a body or, of a function with overloads, of the first that has some. */
function docsOf(name: string, declaration: ts.FunctionDeclaration, file: string): string {
  const overloads = sourceFile(file).statements.filter(
    (statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  );
  return [declaration, ...overloads].map(rawDocs).find((docs) => docs !== '') ?? '';
}

function signatureOf(name: string, { typeParameters, parameters, type }: ts.FunctionDeclaration): string {
  const generics = typeParameters ? `<${typeParameters.map((one) => one.getText()).join(', ')}>` : '';
  const written = parameters.map(({ name: binding, type: of, initializer, questionToken, dotDotDotToken }) => {
    const word = ts.isIdentifier(binding) ? binding.text : 'counts';
    const mark = initializer || questionToken ? '?' : '';
    return `${dotDotDotToken ? '...' : ''}${word}${mark}: ${of?.getText().replace(/\s+/g, ' ') ?? 'unknown'}`;
  });
  return `${name}${generics}(${written.join(', ')}): ${type?.getText().replace(/\s+/g, ' ') ?? 'void'}`;
}

/** `p2sGrad` → `p2s-grad`. */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
