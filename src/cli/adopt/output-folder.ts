import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { ChartFile } from '../../adopt/code';
import { printChart } from '../../adopt/print-chart';
import { creationLines, importLine, printMain } from '../../adopt/print-main';
import { textOf, writeAll } from '../init/project-folder';
import { projectManifest } from '../init/project-manifest';
import { packageFile } from '../package-file';
import { shown } from '../shown';
import { UsageError } from '../usage-error';

const CONFIGURATION = 'cdk8s.yaml';

const PROJECT: { readonly [file: string]: string } = {
  [CONFIGURATION]: 'language: typescript\napp: npx ts-node main.ts\noutput: dist\n',
  'tsconfig.json': `${JSON.stringify({
    'compilerOptions': { module: 'node16', target: 'es2022', strict: true, noEmit: true, skipLibCheck: true, types: ['node'] },
    'ts-node': { swc: true },
    'include': ['**/*.ts'],
    'exclude': ['node_modules', 'dist'],
  }, undefined, 2)}\n`,
};

const NEEDS = { scripts: { synth: 'cdk8s synth' }, tools: ['@swc/core', '@types/node', 'cdk8s-cli', 'ts-node', 'typescript'] } as const;

/** What is to be written. */
export interface Output {
  /** The text of each new file, by its path in the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** The files of charts that are there with this text. */
  readonly unchanged: readonly string[];
  /** Lines for the program of an existing project. */
  readonly lines: readonly string[];
  readonly isNewProject: boolean;
}

/** What is to be written into a folder for these charts. Rejects files with other content. */
export function outputOf(folder: string, charts: readonly ChartFile[]): Output {
  if (existsSync(folder) && !statSync(folder).isDirectory()) throw new UsageError(`'${folder}' is a file; name a folder after -o`);
  const project = projectOf(folder);
  const texts = new Map(charts.map(chart => [`${chart.name}.ts`, printChart(chart)]));
  const present = [...texts.keys()].filter(file => existsSync(join(folder, file)));
  const changed = present.filter(file => textOf(join(folder, file)) !== texts.get(file));
  if (changed.length > 0) {
    throw new UsageError(
      `${shown(changed).join(', ')} in '${folder}' ${changed.length === 1 ? 'has' : 'have'} other content than adopt would write; nothing is written; `
      + 'remove the file to write it again, or name other hosts with --only',
    );
  }
  const files = new Map([...texts].filter(([file]) => !present.includes(file)));
  if (project !== undefined) return { files, unchanged: present, lines: linesFor(project, folder, charts), isNewProject: false };
  const others = ['main.ts', ...Object.keys(PROJECT)].filter(file => existsSync(join(folder, file)));
  if (others.length > 0) {
    throw new UsageError(`'${folder}' has ${others.join(', ')} without a ${CONFIGURATION}; name an empty folder, or one in a cdk8s project`);
  }
  const manifest = projectManifest(folder, textOf(join(folder, 'package.json')), packageFile(), NEEDS);
  return {
    files: new Map([...files, ...Object.entries(PROJECT), ['main.ts', printMain(charts)], ['package.json', manifest]]),
    unchanged: present,
    lines: [],
    isNewProject: true,
  };
}

export function writeOutput(folder: string, { files }: Output): void {
  if (files.size > 0) writeAll(folder, files);
}

/** The folder of the cdk8s project to which a folder belongs. The search ends at the root of a repository. */
function projectOf(folder: string): string | undefined {
  for (let each = resolve(folder); ; each = dirname(each)) {
    if (existsSync(join(each, CONFIGURATION))) return each;
    if (existsSync(join(each, '.git')) || dirname(each) === each) return undefined;
  }
}

/** Lines that the program lacks: all about a chart that it does not create. Without a main.ts, all. */
function linesFor(project: string, folder: string, charts: readonly ChartFile[]): string[] {
  const main = textOf(join(project, 'main.ts')) ?? '';
  const path = relative(project, resolve(folder)).split(sep).join('/');
  const isMissing = ({ className }: ChartFile) => !main.includes(`new ${className}(`);
  const creations = creationLines(charts);
  return [
    ...charts.filter(isMissing).map(chart => importLine(chart, path === '' ? '.' : `./${path}`)),
    ...charts.flatMap((chart, i) => (isMissing(chart) ? [creations[i]] : [])),
  ];
}
