// Whether TypeScript finds the types of each entry of the package, under every combination of `module` and `moduleResolution` that it
// accepts.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Uses a type of each entry, so that an entry of type `any` is noticed. */
const USES = `
import { MeshService } from 'cdk8s-istio';
import { analyze } from 'cdk8s-istio/analysis';
import { TerraformManifests } from 'cdk8s-istio/cdktf';
import { matchers } from 'cdk8s-istio/jest';
import { Mesh } from 'cdk8s-istio/simulator';
import { TrafficValidation } from 'cdk8s-istio/validation';

type IsAny<T> = 0 extends 1 & T ? true : false;
export const anys: IsAny<typeof MeshService | typeof analyze | typeof TerraformManifests | typeof matchers | typeof Mesh | typeof TrafficValidation> = false;
export const decision: string = Mesh.fromManifests([]).sidecar({ namespace: 'shop' }).get('http://catalog/').outcome;
// @ts-expect-error: a namespace is a string
Mesh.fromManifests([]).sidecar({ namespace: 7 });
`;

/** A program that only uses the peer's package. */
const PEER = 'import { App } from \'cdk8s\';\nexport const app = new App();\n';

/**
 * Compiles a program that uses every entry, in a folder where the package is installed.
 * @returns the combinations that work, and TypeScript's errors for the others
 */
export function typeResolutions(folder, typescript) {
  const ts = createRequire(join(folder, 'main.js'))(typescript);
  writeFileSync(join(folder, 'uses.ts'), USES);
  writeFileSync(join(folder, 'peer.ts'), PEER);
  const files = new Map();
  const compile = (file, compilerOptions) => {
    const parsed = ts.parseJsonConfigFileContent(
      { compilerOptions: { strict: true, noEmit: true, types: ['node', 'jest'], ...compilerOptions }, files: [file] },
      ts.sys,
      folder,
    );
    const host = ts.createCompilerHost(parsed.options);
    const read = host.getSourceFile.bind(host);
    // Declarations are parsed once per way of reading them.
    host.getSourceFile = (name, options, ...rest) => {
      const key = JSON.stringify([name, options]);
      if (!files.has(key)) files.set(key, read(name, options, ...rest));
      return files.get(key);
    };
    const program = ts.createProgram({ rootNames: parsed.fileNames, options: parsed.options, host });
    const refused = [...parsed.errors, ...program.getOptionsDiagnostics()];
    if (refused.length > 0) return { refused: true };
    const [first] = ts.getPreEmitDiagnostics(program);
    return {
      refused: false,
      error:
        first && ts.formatDiagnostic(first, { getCurrentDirectory: () => folder, getCanonicalFileName: f => f, getNewLine: () => '\n' }),
    };
  };

  const values = name => [...(ts.optionDeclarations.find(option => option.name === name).type.keys())];
  const works = [];
  const fails = [];
  const seesNoPackage = [];
  for (const module of values('module')) {
    for (const moduleResolution of [undefined, ...values('moduleResolution')]) {
      const label = `${module} x ${moduleResolution ?? 'the default'}`;
      const options = { module, moduleResolution, target: 'es2017', lib: ['es2017'], skipLibCheck: true };
      // TypeScript has some combinations only with this option.
      const all = [options, { ...options, ignoreDeprecations: ts.version.startsWith('5.') ? '5.0' : '6.0' }];
      const accepted = all.find(candidate => !compile('peer.ts', candidate).refused);
      if (accepted === undefined) continue;
      if (compile('peer.ts', accepted).error !== undefined) seesNoPackage.push(label);
      else {
        const { error } = compile('uses.ts', accepted);
        if (error === undefined) works.push(label);
        else fails.push(`${label}: ${error}`);
      }
    }
  }
  return { version: ts.version, works, fails, seesNoPackage };
}

/** Compiles the uses in a project of `cdk8s init`, including the declarations of its libraries. Returns TypeScript's errors. */
export function cdk8sInitCompiles(folder, typescript, tsconfig) {
  const ts = createRequire(join(folder, 'main.js'))(typescript);
  writeFileSync(join(folder, 'uses.ts'), USES);
  const { compilerOptions } = JSON.parse(readFileSync(tsconfig, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(
    { compilerOptions: { ...compilerOptions, noEmit: true }, files: ['uses.ts'] },
    ts.sys,
    folder,
  );
  const program = ts.createProgram([join(folder, 'uses.ts')], options);
  return ts.getPreEmitDiagnostics(program).map(d => `${d.file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`);
}
