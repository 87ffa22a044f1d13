import type { ChartFile, ChartInput, Code, OwnerClass, ProgramStatement, Reference } from './code';
import { reference } from './code';

/** Words that no variable of a constructor can have as its name. */
const RESERVED = new Set([
  'abstract', 'arguments', 'await', 'boolean', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else',
  'enum', 'eval', 'export', 'extends', 'false', 'finally', 'for', 'function', 'if', 'implements', 'import', 'in', 'instanceof', 'interface', 'let',
  'new', 'null', 'package', 'private', 'protected', 'public', 'return', 'scope', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try',
  'typeof', 'undefined', 'var', 'void', 'while', 'with', 'yield',
]);

/** The words of a name, split where letters and digits end. */
function wordsOf(text: string): string[] {
  return text.split(/[^A-Za-z0-9]+/).filter(word => word !== '');
}

function capitalized(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}

/** A name of a class or construct: `reviews-v2` is `ReviewsV2`. */
export function pascalCase(text: string): string {
  const name = wordsOf(text).map(capitalized).join('');
  return /^[0-9]/.test(name) || name === '' ? `N${name}` : name;
}

function camelCase(text: string): string {
  const [first = 'x', ...others] = wordsOf(text);
  const name = [first[0].toLowerCase() + first.slice(1), ...others.map(capitalized)].join('');
  return /^[0-9]/.test(name) || RESERVED.has(name) ? `the${capitalized(name)}` : name;
}

/** What is known of a file before its statements. */
export type ChartHead = Pick<ChartFile, 'name' | 'className' | 'namespace' | 'summary'>;

/** The statements of one chart, with ids and variables that are free in it. */
export class ChartWriter {
  private readonly statements: ProgramStatement[] = [];
  private readonly ids = new Set<string>();
  private readonly variables = new Set<string>();

  private readonly inputs: ChartInput[] = [];
  private exported?: { readonly variable: string; readonly ofClass: OwnerClass };

  constructor(private readonly chart: ChartHead) {}

  public get namespace(): string {
    return this.chart.namespace;
  }

  /** A free id of a construct. */
  public id(text: string): string {
    return free(pascalCase(text), this.ids);
  }

  /** A free name of a variable. */
  public variable(text: string): string {
    return free(camelCase(text), this.variables);
  }

  public add(...statements: readonly ProgramStatement[]): void {
    this.statements.push(...statements);
  }

  /** Adds a construct that others refer to. */
  public create(creates: string, idText: string, props: Code, variableText: string): Reference {
    const variable = this.variable(variableText);
    this.add({ creates, id: this.id(idText), props, variable });
    return reference(variable);
  }

  /** Takes the service or the external dependency of another file. */
  public take(file: string, exported: string, ofClass: OwnerClass): Reference {
    const variable = this.variable(exported);
    this.inputs.push({ variable, file, exported, ofClass });
    return reference(variable);
  }

  /** Gives the value of a variable to other files. */
  public export(variable: string, ofClass: OwnerClass): void {
    this.exported = { variable, ofClass };
  }

  public get file(): ChartFile {
    const { inputs, exported } = this;
    const statements = withoutUnusedVariables(this.statements, exported?.variable);
    return {
      ...this.chart,
      statements,
      inputs,
      ...(exported === undefined ? {} : { exported: exported.variable, exportedClass: exported.ofClass }),
    };
  }
}

function free(name: string, taken: Set<string>): string {
  let each = name;
  for (let i = 2; taken.has(each); i++) each = `${name}${i}`;
  taken.add(each);
  return each;
}

/** Statements whose result no other statement refers to need no variable. */
function withoutUnusedVariables(statements: readonly ProgramStatement[], exported: string | undefined): ProgramStatement[] {
  const used = new Set(exported === undefined ? [] : [exported]);
  const visit = (code: Code): void => {
    if (typeof code !== 'object') return;
    if (Array.isArray(code)) code.forEach(visit);
    else if ('fields' in code) Object.values(code.fields).forEach(each => each !== undefined && visit(each));
    else if ('call' in code) code.args.forEach(visit);
    else if ('reference' in code) used.add(code.reference);
  };
  for (const statement of statements) {
    if ('creates' in statement) visit(statement.props);
    else [statement.receiver, ...statement.args].forEach(visit);
  }
  return statements.map(statement => {
    if (statement.variable === undefined || used.has(statement.variable)) return statement;
    const { variable: _, ...others } = statement;
    return others as ProgramStatement;
  });
}
