import type { ChartFile, Code, ProgramStatement } from './code';
import { CDK8S_NAMES } from './names';

/** The longest line of a printed program. */
const WIDTH = 120;

/** A name that needs no quotes as a field. */
const PLAIN_NAME = /^[A-Za-z_$][\w$]*$/;

/** The text of a file of a chart. */
export function printChart(chart: ChartFile): string {
  const { className, name, namespace, summary, statements, inputs, exported, exportedClass } = chart;
  const body = statements.flatMap((statement, i) => [...(i > 0 && statement.comment ? [''] : []), ...printStatement(statement, 4)]);
  return [
    ...imports(chart),
    '',
    `/** ${commentText(summary)} */`,
    `export class ${className} extends Chart {`,
    ...(exported === undefined ? [] : [`  public readonly ${exported}: ${exportedClass};`, '']),
    `  constructor(${['scope: Construct', ...inputs.map(({ variable, ofClass }) => `${variable}: ${ofClass}`)].join(', ')}) {`,
    `    super(scope, ${quoted(name)}, { namespace: ${quoted(namespace)} });`,
    ...body,
    ...(exported === undefined ? [] : [`    this.${exported} = ${exported};`]),
    '  }',
    '}',
    '',
  ].join('\n');
}

function imports({ statements, inputs }: ChartFile): string[] {
  const names = new Set(['Chart']);
  for (const statement of statements) {
    if ('creates' in statement) {
      names.add(statement.creates);
      collectNames(statement.props, names);
    } else {
      if (statement.id !== undefined) names.add(statement.receiver.reference);
      for (const arg of statement.args) collectNames(arg, names);
    }
  }
  const taken = [...new Set(inputs.map(({ ofClass }) => ofClass))].filter(each => !names.has(each)).sort();
  const types = taken.length > 0 ? [`import type { ${taken.join(', ')} } from 'cdk8s-istio';`] : [];
  const [cdk8s, own] = [[...names].filter(each => CDK8S_NAMES.has(each)), [...names].filter(each => !CDK8S_NAMES.has(each))];
  return [
    `import { ${cdk8s.sort().join(', ')} } from 'cdk8s';`,
    ...types,
    ...(own.length === 0 ? [] : printImport(own.sort())),
    'import type { Construct } from \'constructs\';',
  ];
}

function printImport(names: readonly string[]): string[] {
  const line = `import { ${names.join(', ')} } from 'cdk8s-istio';`;
  return line.length <= WIDTH ? [line] : ['import {', ...names.map(name => `  ${name},`), '} from \'cdk8s-istio\';'];
}

function collectNames(code: Code, names: Set<string>): void {
  if (typeof code !== 'object') return;
  if (Array.isArray(code)) {code.forEach(each => collectNames(each, names));} else if ('fields' in code) {Object.values(code.fields).forEach(each => each !== undefined && collectNames(each, names));} else if ('call' in code) {
    names.add(code.call[0]);
    code.args.forEach(each => collectNames(each, names));
  } else if ('member' in code) {names.add(code.member[0]);}
}

function printStatement(statement: ProgramStatement, indent: number): string[] {
  const space = ' '.repeat(indent);
  const start = statement.variable === undefined ? '' : `const ${statement.variable} = `;
  const head = 'creates' in statement
    ? `${start}new ${statement.creates}(this, ${quoted(statement.id)}, `
    : `${start}${printInline(statement.receiver)}.${statement.method}(${statement.id === undefined ? '' : `this, ${quoted(statement.id)}, `}`;
  const args = 'creates' in statement ? [statement.props] : statement.args;
  const comment = (statement.comment ?? []).map(line => `${space}// ${commentText(line)}`);
  const inline = `${space}${head}${args.map(printInline).join(', ')});`;
  if (fits(inline)) return [...comment, inline];
  const parts = args.map((arg, i) => (i === args.length - 1 ? printBlock(arg, indent) : printInline(arg)));
  return [...comment, ...`${space}${head}${parts.join(', ')});`.split('\n')];
}

/** A value on one line. */
function printInline(code: Code): string {
  if (typeof code === 'string') return quoted(code);
  if (typeof code !== 'object') return String(code);
  if (Array.isArray(code)) return `[${code.map(printInline).join(', ')}]`;
  if ('fields' in code) {
    const stated = statedFields(code.fields).map(([name, value]) => field(name, value, printInline));
    return stated.length === 0 ? '{}' : `{ ${stated.join(', ')} }`;
  }
  if ('call' in code) return `${code.call.join('.')}(${code.args.map(printInline).join(', ')})`;
  if ('member' in code) return code.member.join('.');
  return 'reference' in code ? `${code.reference}${code.property === undefined ? '' : `.${code.property}`}` : '';
}

/** A value over several lines, if one line is too long. The first line starts behind other text. */
function printBlock(code: Code, indent: number): string {
  const space = ' '.repeat(indent + 2);
  const each = (value: Code): string => {
    const inline = printInline(value);
    return fits(`${space}${inline},`) ? inline : printBlock(value, indent + 2);
  };
  if (typeof code !== 'object' || 'member' in code || 'reference' in code) return printInline(code);
  if ('call' in code) {
    const last = code.args.length - 1;
    return `${code.call.join('.')}(${code.args.map((arg, i) => (i === last ? printBlock(arg, indent) : printInline(arg))).join(', ')})`;
  }
  const [open, close] = Array.isArray(code) ? '[]' : '{}';
  const lines = 'fields' in code
    ? statedFields(code.fields).map(([name, value]) => {
      const inline = field(name, value, printInline);
      return fits(`${space}${inline},`) ? inline : field(name, value, each);
    })
    : (code as readonly Code[]).map(each);
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.map(line => `${space}${line},\n`).join('')}${' '.repeat(indent)}${close}`;
}

function statedFields(values: { readonly [name: string]: Code | undefined }): [string, Code][] {
  return Object.entries(values).filter((entry): entry is [string, Code] => entry[1] !== undefined);
}

/** A field, in shorthand if its value is the variable of the same name. */
function field(name: string, value: Code, print: (value: Code) => string): string {
  const text = print(value);
  if (text === name && typeof value === 'object') return name;
  // In an object literal, `__proto__: x` would set the prototype.
  if (name === '__proto__') return `['__proto__']: ${text}`;
  return `${PLAIN_NAME.test(name) ? name : quoted(name)}: ${text}`;
}

function fits(text: string): boolean {
  return text.length <= WIDTH;
}

/** A string literal. Line separators and other control characters are escaped. */
function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, '\\\'');
  return `'${inner.replace(/[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, escaped)}'`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A comment on one line, which no character of a manifest can end. */
function commentText(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').replace(/\*\//g, '* /');
}
