/** A value of a program: printed as TypeScript, and evaluated into the same value. */
export type Code = string | number | boolean | readonly Code[] | Fields | Call | Member | Reference;

/** An object literal. Fields that are undefined are omitted. */
export interface Fields {
  readonly fields: { readonly [field: string]: Code | undefined };
}

/** A call of a static method, such as `Duration.seconds(5)`. */
export interface Call {
  readonly call: readonly [className: string, method: string];
  readonly args: readonly Code[];
}

/** A member of an enum, such as `LoadBalancerAlgorithm.RANDOM`. */
export interface Member {
  readonly member: readonly [enumName: string, name: string];
}

/** A variable, or a property of one. */
export interface Reference {
  readonly reference: string;
  readonly property?: string;
}

/** `new Class(this, 'id', props)`, with a variable if other statements refer to it. */
export interface Creation {
  readonly comment?: readonly string[];
  readonly creates: string;
  readonly id: string;
  readonly props: Code;
  readonly variable?: string;
}

/** `receiver.method(...)`, with a variable if other statements refer to its result. `MeshService.fromName()` takes the chart and an id. */
export interface Invocation {
  readonly comment?: readonly string[];
  readonly receiver: Reference;
  readonly method: string;
  readonly args: readonly Code[];
  readonly variable?: string;
  /** Set if the receiver is a class whose method creates a construct: the id. */
  readonly id?: string;
}

export type ProgramStatement = Creation | Invocation;

/** One file: a chart with the traffic of one service, host or gateway. */
export interface ChartFile {
  /** The name of the file without its extension; also the id of the chart. */
  readonly name: string;
  readonly className: string;
  readonly namespace: string;
  /** What the chart describes, as its comment. */
  readonly summary: string;
  readonly statements: readonly ProgramStatement[];
  /** Services and external dependencies of other files, which the constructor takes. */
  readonly inputs: readonly ChartInput[];
  /** The variable that other files take. */
  readonly exported?: string;
  /** The class of what other files take. */
  readonly exportedClass?: OwnerClass;
}

/** The constructs that own the objects of a host. */
export type OwnerClass = 'MeshService' | 'ExternalDependency';

/** A service or an external dependency of another file. */
export interface ChartInput {
  readonly ofClass: OwnerClass;
  readonly variable: string;
  /** The name of its file, and its variable there. */
  readonly file: string;
  readonly exported: string;
}

export function fields(values: { readonly [field: string]: Code | undefined }): Fields {
  return { fields: values };
}

export function call(className: string, method: string, ...args: Code[]): Call {
  return { call: [className, method], args };
}

export function reference(variable: string, property?: string): Reference {
  return property === undefined ? { reference: variable } : { reference: variable, property };
}

/** A plain JSON value as a literal. */
export function literal(value: unknown): Code {
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value === 'object' && value !== null) {
    const stated = Object.entries(value).filter(([, each]) => each !== null && each !== undefined);
    return fields(Object.fromEntries(stated.map(([key, each]) => [key, literal(each)])));
  }
  return value as string | number | boolean;
}
