import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { exampleProgram } from '../../units/example-programs.ts';
import { allUnits } from '../../units/units.ts';

const docs = join(import.meta.dirname, '../..');

test('the examples of units have right types', { timeout: 120_000 }, () => {
  const { config } = ts.readConfigFile(join(docs, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, include: [], files: ['units/units.ts'] },
    ts.sys,
    docs,
  );
  const programs = new Map<string, string>();
  for (const unit of allUnits()) {
    const program = exampleProgram(unit);
    // As a module, so that names of one example are not those of another.
    if (program) programs.set(join(docs, `.cache/${unit.kind.id}.${unit.id}.ts`), `${program.playable}\nexport {};\n`);
  }
  const host = ts.createCompilerHost(options, true);
  const { readFile, fileExists } = host;
  host.readFile = (path) => programs.get(path) ?? readFile(path);
  host.fileExists = (path) => programs.has(path) || fileExists(path);
  host.getSourceFile = (path, language) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, language, true);
  };
  const program = ts.createProgram([...programs.keys()], options, host);
  const wrong = [...programs.keys()].flatMap((path) => {
    const file = program.getSourceFile(path)!;
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(
      ({ messageText }) => `${path.slice(docs.length + 8)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
  expect(wrong).toEqual([]);
  expect(programs.size).toBe(allUnits().length);
});
