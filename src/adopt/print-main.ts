import type { ChartFile } from './code';

/** The text of the program that creates the charts. */
export function printMain(files: readonly ChartFile[]): string {
  return [
    'import { App } from \'cdk8s\';',
    ...[...files].sort((a, b) => (a.name < b.name ? -1 : 1)).map(file => importLine(file, '.')),
    '',
    'const app = new App();',
    ...creationLines(files),
    'app.synth();',
    '',
  ].join('\n');
}

export function importLine({ className, name }: Pick<ChartFile, 'className' | 'name'>, folder: string): string {
  return `import { ${className} } from '${folder}/${name}';`;
}

/** The lines that create the charts. A chart that takes the service of another one comes after it. */
export function creationLines(files: readonly ChartFile[]): string[] {
  const taken = new Set(files.flatMap(({ inputs }) => inputs.map(({ file }) => file)));
  return files.map(({ name, className, inputs }) => {
    const args = ['app', ...inputs.map(({ file, exported }) => `${variableOf(files.find(each => each.name === file)!)}.${exported}`)];
    const creation = `new ${className}(${args.join(', ')});`;
    return taken.has(name) ? `const ${variableOf({ className })} = ${creation}` : creation;
  });
}

function variableOf({ className }: Pick<ChartFile, 'className'>): string {
  return className[0].toLowerCase() + className.slice(1);
}
