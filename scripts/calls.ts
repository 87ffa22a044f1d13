/* eslint-disable no-bitwise -- the compiler API has flags */
// Writes src/traffic/calls.generated.ts: the arguments of public constructors and methods, from the declarations that src/index.ts exports.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..');
const FILE = join(ROOT, 'src/traffic/calls.generated.ts');

const PRIMITIVE = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike;

/** The first parameters of a construct, which the package constructs checks itself. */
const PLACE = 'scope, id';

class PublicApi {
  private readonly program = ts.createProgram([join(ROOT, 'src/index.ts')], {
    strict: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
  });
  private readonly checker = this.program.getTypeChecker();

  public readonly calls = new Map<string, Map<string, string>>();
  public readonly structs = new Map<string, Map<string, string>>();
  public readonly enums = new Map<string, ReadonlyMap<string, string>>();
  public readonly instances = new Map<string, readonly string[]>();
  public readonly implementations = new Map<string, readonly string[]>();
  private readonly classes: ts.ClassDeclaration[] = [];

  constructor() {
    const index = this.program.getSourceFile(join(ROOT, 'src/index.ts'))!;
    for (const exported of this.checker.getExportsOfModule(this.checker.getSymbolAtLocation(index)!)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(exported) : exported;
      this.classes.push(...(symbol.declarations ?? []).filter(declaration => ts.isClassDeclaration(declaration)));
    }
    for (const declaration of this.classes) this.addCalls(declaration.name!.text, declaration);
    for (const name of [...this.instances.keys()].filter(isInterface)) this.implementations.set(name, this.implementationsOf(name));
  }

  private addCalls(name: string, declaration: ts.ClassDeclaration): void {
    for (const member of declaration.members) {
      if (ts.isConstructorDeclaration(member) && isPublic(member)) this.addCall(name, member);
      if (ts.isMethodDeclaration(member) && isPublic(member)) this.addCall(`${name}.${member.name.getText()}`, member);
    }
  }

  private addCall(call: string, { parameters }: ts.ConstructorDeclaration | ts.MethodDeclaration): void {
    const isPlaced = parameters.slice(0, 2).map(({ name }) => name.getText()).join(', ') === PLACE;
    const taken = isPlaced ? parameters.slice(2) : parameters;
    if (taken.length === 0) return;
    this.calls.set(call, new Map(taken.map(parameter => {
      // Any place in the tree, whether or not it has a Kubernetes object.
      if (parameter.name.getText() === 'scope') return ['scope', this.placeOfTree()];
      const optional = parameter.questionToken !== undefined || parameter.initializer !== undefined;
      return [parameter.name.getText(), this.typeOf(parameter, this.checker.getTypeAtLocation(parameter), optional)];
    })));
  }

  private placeOfTree(): string {
    this.instances.set('Construct', ['node']);
    return 'Construct';
  }

  private typeOf(at: ts.Node, type: ts.Type, optional: boolean): string {
    return this.nameOf(at, optional ? this.checker.getNonNullableType(type) : type) + (optional ? '?' : '');
  }

  private nameOf(at: ts.Node, type: ts.Type): string {
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'any';
    if (type.flags & ts.TypeFlags.EnumLike) return this.enumOf(type);
    if (type.flags & PRIMITIVE) return this.checker.typeToString(this.checker.getBaseTypeOfLiteralType(type));
    if (this.checker.isArrayType(type)) return `${this.nameOf(at, this.checker.getTypeArguments(type as ts.TypeReference)[0])}[]`;
    const values = type.getStringIndexType();
    if (values !== undefined) return `{${this.nameOf(at, values)}}`;
    const declaration = type.symbol?.declarations?.[0];
    if (declaration !== undefined && ts.isInterfaceDeclaration(declaration) && !isInterface(type.symbol.name)) return this.structOf(type);
    if (declaration !== undefined && (ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration))) {
      return this.instanceOf(type);
    }
    throw new Error(
      `${at.getSourceFile().fileName}: ${at.getText()} has the type ${this.checker.typeToString(type)}, which language bindings do not support`,
    );
  }

  private implementationsOf(name: string): string[] {
    const named = (type: ts.ExpressionWithTypeArguments) => this.checker.getTypeAtLocation(type);
    const has = (type: ts.Type): boolean => type.symbol.name === name || (type.getBaseTypes() ?? []).some(has);
    return this.classes.filter(({ heritageClauses = [] }) => heritageClauses.some(({ types }) => types.some(type => has(named(type)))))
      .map(declaration => declaration.name!.text);
  }

  private enumOf(type: ts.Type): string {
    const members = (type.isUnion() ? type.types : [type]) as ts.LiteralType[];
    const name = (members[0].symbol.declarations![0].parent as ts.EnumDeclaration).name.text;
    this.enums.set(name, new Map(members.map(member => [member.symbol.name, String(member.value)])));
    return name;
  }

  private structOf(type: ts.Type): string {
    const { name } = type.symbol;
    if (this.structs.has(name)) return name;
    const fields = new Map<string, string>();
    this.structs.set(name, fields);
    for (const property of type.getProperties()) {
      const declaration = property.valueDeclaration as ts.PropertySignature;
      fields.set(property.name, this.typeOf(declaration, this.checker.getTypeOfSymbol(property), declaration.questionToken !== undefined));
    }
    return name;
  }

  /** The members by which an instance is recognized. In other languages, a jsii interface has no internal members. */
  private instanceOf(type: ts.Type): string {
    const { name } = type.symbol;
    const ours = type.symbol.declarations![0].getSourceFile().fileName.startsWith(join(ROOT, 'src'));
    const required = type.getProperties().filter(({ flags, valueDeclaration }) => !(flags & ts.SymbolFlags.Optional)
      && (ours || !(ts.getCombinedModifierFlags(valueDeclaration!) & ts.ModifierFlags.Private)));
    this.instances.set(name, required.map(property => property.name).filter(member => !member.startsWith('__')).sort());
    return name;
  }
}

/** In jsii, a name such as ITrafficTarget is an interface with implementations; any other is a struct. */
function isInterface(name: string): boolean {
  return /^I[A-Z][a-z]/.test(name);
}

function isPublic(member: ts.ConstructorDeclaration | ts.MethodDeclaration): boolean {
  if (member.name !== undefined && member.name.getText().startsWith('_')) return false;
  return !(ts.getCombinedModifierFlags(member) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));
}

function quoted(value: string): string {
  return `'${value.replace(/['\\]/g, '\\$&')}'`;
}

function rows(table: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  const row = ([name, fields]: [string, ReadonlyMap<string, string>]) =>
    `  ${quoted(name)}: { ${[...fields].map(([field, type]) => `${field}: ${quoted(type)}`).join(', ')} },`;
  return [...table].map(row).join('\n');
}

function lists(table: ReadonlyMap<string, readonly string[]>): string {
  return [...table].map(([name, values]) => `  ${quoted(name)}: [${values.map(quoted).join(', ')}],`).join('\n');
}

export function callsSource(): string {
  const { calls, structs, enums, instances, implementations } = new PublicApi();
  return `// Generated by scripts/calls.ts from the exports of src/index.ts; do not edit.
/* eslint-disable */

/** The parameters of each public constructor and method. \`?\` marks what may be omitted, \`[]\` a list, \`{}\` an object with any keys. */
export const CALLS = {
${rows(calls)}
} as const;

/** The fields of each struct. */
export const STRUCTS: { readonly [struct: string]: { readonly [field: string]: string } } = {
${rows(structs)}
};

/** The values of each enum, by the names of its members. */
export const ENUMS: { readonly [name: string]: { readonly [member: string]: string } } = {
${rows(enums)}
};

/** Members that every instance of a class or interface has. */
export const INSTANCES: { readonly [name: string]: readonly string[] } = {
${lists(instances)}
};

/** The classes that implement an interface. */
export const IMPLEMENTATIONS: { readonly [name: string]: readonly string[] } = {
${lists(implementations)}
};
`;
}

if (require.main === module) writeFileSync(FILE, callsSource());
