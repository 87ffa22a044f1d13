import type { ChartFile } from './code';

/** The text of the program that creates the charts. */
export function printMain(files: readonly ChartFile[]): string {
  return [
    'import { App } from \'cdk8s\';',
    ...files.map(file => importLine(file, '.')),
    '',
    'const app = new App();',
    ...files.map(creationLine),
    'app.synth();',
    '',
  ].join('\n');
}

export function importLine({ className, name }: Pick<ChartFile, 'className' | 'name'>, folder: string): string {
  return `import { ${className} } from '${folder}/${name}';`;
}

export function creationLine({ className }: Pick<ChartFile, 'className'>): string {
  return `new ${className}(app);`;
}
