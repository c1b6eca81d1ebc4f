import { apiLink } from './api-reference.ts';
import { backends, lackingKernels, standingsOf, type Backend } from './backends.ts';
import { exampleProgram } from './example-programs.ts';
import { toLink } from '../src/share/index.ts';
import { keyOf, type Facts } from './facts.ts';
import { prose, sourceLink, unitLink } from './links.ts';
import type { Option } from './options.ts';
import { examplesWith, isInLab, relationsOf } from './relations.ts';
import type { Unit } from './units.ts';

/** The page of a unit, as Markdown. */
export function unitPage(unit: Unit, facts: Facts): string {
  const { name, docs } = unit;
  const parts = [
    `---\ntitle: ${JSON.stringify(name)}\ndescription: ${JSON.stringify(plain(docs.lead))}\npageClass: unit-page\n---`,
    `# \`${name}\``,
    prose(docs.lead, unit),
    summary(unit, facts),
    explanation(unit),
    lab(unit),
    example(unit, facts),
    programs(unit),
    parameters(unit),
    options(unit),
    section('Returns', docs.returns && prose(docs.returns, unit)),
    section('Shapes', docs.table && escapedTable(docs.table, unit)),
    section('Cost', docs.cost && prose(docs.cost, unit)),
    section('Backends', backendsOf(unit, facts)),
    section('Errors', docs.throws && prose(docs.throws, unit)),
    section('Source', docs.see && prose(docs.see, unit)),
    related(unit),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function section(title: string, text: string | undefined): string | undefined {
  return text ? `## ${title}\n\n${text}` : undefined;
}

/** First paragraph without marks, for search engines. */
function plain(text: string): string {
  return text.replace(/\{@link ([^}]+)\}/g, '$1').replace(/[`$]/g, '');
}

function summary(unit: Unit, { sizes }: Facts): string {
  const { signature, from, kind, file, line } = unit;
  const size = sizes[keyOf(unit)];
  const rows: [string, string | undefined][] = [
    ['Call', `\`${cell(signature)}\``],
    ['Package', `[\`${from}\`](/packages/${kind.package})`],
    ['Size', size === undefined ? undefined : `${kilobytes(size)} minified and compressed, without TensorFlow.js`],
    ['Code', `[${file.replace(/^packages\//, '')}](${sourceLink(file, line)})`],
  ];
  const lines = rows.flatMap(([title, text]) => (text === undefined ? [] : [`| **${title}** | ${text} |`]));
  return [lines[0], '| --- | --- |', ...lines.slice(1)].join('\n');
}

/** Bytes as kB of 1000, to two digits. */
export function kilobytes(bytes: number): string {
  return bytes < 10_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${Math.round(bytes / 1000)} kB`;
}

function explanation(unit: Unit): string | undefined {
  const { blocks } = unit.docs;
  const text = blocks.map((block) => prose(block, unit)).join('\n\n');
  return blocks.some((block) => block.startsWith('$$')) ? `## Formula\n\n${text}` : text;
}

function lab(unit: Unit): string | undefined {
  return isInLab(unit) ? section('See it work', `<LossLab unit="${unit.id}" />`) : undefined;
}

/** Their examples need a file, a disk or a worker of one's own. */
const needsNode: readonly string[] = ['importHnswlib', 'openIndex', 'serveEngine'];

function example(unit: Unit, { examples }: Facts): string | undefined {
  const program = exampleProgram(unit);
  if (!program) return undefined;
  const code = `\`\`\`ts\n${program.shown}\n\`\`\``;
  if (needsNode.includes(unit.name)) return section('Example', code);
  const values = examples.runs[keyOf(unit)]?.values ?? [];
  const title = values.length > 1 ? 'Results, line by line:' : 'Result:';
  const link = toLink({ page: 'playground', files: { 'main.ts': program.playable }, entry: 'main.ts', options: {} });
  const play = `[Run it in the playground](/playground#${link})`;
  return section('Example', `${code}\n\n${title}\n\n\`\`\`text\n${values.join('\n')}\n\`\`\`\n\n${play}`);
}

function parameters(unit: Unit): string | undefined {
  return unit.parameters.length > 0
    ? section('Parameters', optionTable('parameter', unit.parameters, unit))
    : undefined;
}

function options(unit: Unit): string | undefined {
  const { options: own, otherOptions } = unit;
  if (own.length === 0 && otherOptions.length === 0) return undefined;
  const others = otherOptions.map((name) => foreign[name] ?? `Those of \`${name}\` as well.`).join(' ');
  return section('Options', [own.length > 0 && optionTable('option', own, unit), others].filter(Boolean).join('\n\n'));
}

/** What is said of options that another library documents. */
const foreign: Readonly<Record<string, string>> = {
  DenseOptions: 'All options of `tf.layers.dense` as well.',
  LayerOptions: 'All options that every layer of tfjs takes, `name` among them.',
};

function optionTable(kind: string, all: readonly Option[], unit: Unit): string {
  const rows = all.map(({ name, type, optional, text, default: said, coded }) => {
    // What several pictures share says so in words, and each of them in its code.
    const literal =
      coded !== undefined && /^'[^']*'$/.test(coded) && !said?.startsWith('`') ? `\`${coded}\`` : undefined;
    const shown = optional ? cell(prose((literal ?? said ?? 'none').replace(/^\.(?=\d)/, '0.'), unit)) : 'required';
    return `| **\`${name}\`**<br>\`${cell(type)}\` | ${shown} | ${cell(prose(text, unit))} |`;
  });
  return [`| ${kind}, type | default | meaning, unit and range |`, '| --- | --- | --- |', ...rows].join('\n');
}

/** Text that may stand in a cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
}

function escapedTable(table: string, unit: Unit): string {
  return table
    .split('\n')
    .map((line) => prose(line, unit))
    .join('\n');
}

function backendsOf(unit: Unit, { examples }: Facts): string {
  if (!unit.kind.tensors)
    return 'None is needed: it loads no TensorFlow.js, and does the same in Node, pages and workers.';
  if (unit.kind.id === 'samplers') return 'Any: its tensors are made on the one in use.';
  const run = examples.runs[keyOf(unit)];
  if (!run || run.kernels.length === 0) return 'Any: it computes nothing with tensors itself.';
  const standings = standingsOf(run, lackingKernels(examples.cases));
  const head = `| ${backends.map((backend) => `\`${backend}\``).join(' | ')} |`;
  const said = backends.map((backend) => standings[backend].standing);
  const reasons = backends.flatMap((backend) => reasonOf(backend, standings[backend]));
  const how =
    'Worked out from the kernels that the example runs, forwards and backwards, and the [table of operations](/guides/backends).';
  return [`${head}\n|${' --- |'.repeat(backends.length)}\n| ${said.join(' | ')} |`, ...reasons, how].join('\n\n');
}

function reasonOf(backend: Backend, { lacking, waits }: ReturnType<typeof standingsOf>[Backend]): string[] {
  if (waits)
    return [`On \`${backend}\` it throws, for it has to wait for values of tensors, which that backend cannot.`];
  return lacking.length > 0 ? [`\`${backend}\` lacks ${lacking.map((name) => `\`${name}\``).join(', ')}.`] : [];
}

/** A whole program with the unit, to be run in the page, and links to the others. */
function programs(unit: Unit): string | undefined {
  const [first, ...others] = examplesWith(unit);
  if (!first) return undefined;
  const links = others.map(({ name, title }) => `[${title}](/playground?example=${name})`);
  const more = links.length > 0 ? `\n\nMore with it: ${links.join(' · ')}` : '';
  return section('In a program', `${first.title}.\n\n<RunExample example="${first.name}" />${more}`);
}

function related(unit: Unit): string {
  const lists = relationsOf(unit).map(({ title, units }) => `- **${title}**: ${units.map(unitLink).join(', ')}`);
  lists.push(`- **All**: [${unit.kind.title}](/${unit.kind.id}/), [names and types](${apiLink(unit.from)})`);
  return section('Goes with', lists.join('\n'))!;
}
