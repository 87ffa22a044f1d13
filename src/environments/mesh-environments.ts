import type { MeshEnvironmentOptions } from './mesh-environment';
import { MeshEnvironment, placeOfOptions } from './mesh-environment';
import { accepted, acceptedArgument } from '../traffic/accepted';
import { fail, named, namingEnvironment } from '../traffic/problem';

/** Properties of MeshEnvironments. */
export interface MeshEnvironmentsProps {
  /** The environments. */
  readonly environments: MeshEnvironmentOptions[];
  /**
   * The shared settings, which an environment can override.
   * @default - none, each environment sets all of them
   */
  readonly settings?: { readonly [key: string]: unknown };
  /**
   * The names of the environments to write.
   * @default - the comma-separated names in the environment variable MESH_ENVIRONMENTS, else all
   */
  readonly only?: string[];
  /**
   * The parent of the environments' folders.
   * @default - the environment variable CDK8S_OUTDIR, else `dist`
   */
  readonly outdir?: string;
}

/** What a program adds to each environment. */
export interface IEnvironmentCharts {
  /** Creates the charts of an environment. */
  addTo(environment: MeshEnvironment): void;
}

/**
 * The environments of one program, each an App with its own folder. Every environment must have the same settings, from its own `settings`
 * or from the shared ones.
 */
export class MeshEnvironments {
  private readonly created: readonly MeshEnvironment[];

  /** The errors of `addCharts()`. An environment that has some is not written. */
  private readonly failed = new Map<MeshEnvironment, readonly Error[]>();

  constructor(props: MeshEnvironmentsProps) {
    props = acceptedProps(props);
    const { environments, settings = {}, outdir } = props;
    if (environments.length === 0) fail('MeshEnvironments', 'environments is empty; add at least one');
    const names = environments.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) fail('MeshEnvironments', `two environments have the name '${twice}'; use different names`);
    requireSame(environments, stated, settings, 'setting', 'the shared `settings`');
    requireSame(environments, ({ namespaces = {} }) => namespaces, {}, 'namespace');
    const all = environments.map(options => new MeshEnvironment({ ...options, settings: { ...settings, ...stated(options) }, outdir }));
    const only = props.only ?? process.env.MESH_ENVIRONMENTS?.split(',').map(name => name.trim()).filter(name => name !== '');
    for (const name of only ?? []) {
      if (!names.includes(name)) fail('MeshEnvironments', `there is no environment '${name}'; use ${names.join(', ')}`);
    }
    this.created = only === undefined || only.length === 0 ? all : all.filter(({ environmentName }) => only.includes(environmentName));
  }

  /** The environments to create charts in: all, or the selected ones. */
  public get selected(): MeshEnvironment[] {
    return [...this.created];
  }

  /**
   * Adds charts to every selected environment. If that fails in one, the others get theirs, and `synth()` throws the error, with those of
   * the other environments.
   */
  public addCharts(charts: IEnvironmentCharts): void {
    charts = acceptedArgument('MeshEnvironments.addCharts', charts);
    for (const environment of this.selected) {
      const errors = errorsOf(() => namingEnvironment(environment, () => addNow(charts, environment)));
      if (errors.length > 0) this.failed.set(environment, [...this.failed.get(environment) ?? [], ...errors]);
    }
  }

  /**
   * Writes the manifests of every selected environment into its folder. If some have errors, the others are written, and one error at the
   * end names all of them.
   */
  public synth(): void {
    const errors = this.selected.flatMap(environment => this.failed.get(environment) ?? errorsOf(() => environment.synth()));
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new Error(errors.map(({ message }) => message).join('\n'), { cause: errors });
  }
}

/** Charts that are added later would be missing in the manifests. */
function addNow(charts: IEnvironmentCharts, environment: MeshEnvironment): void {
  const result: unknown = charts.addTo(environment);
  if (!(result instanceof Promise)) return;
  result.catch(() => undefined); // its error would end the process before this one is seen
  throw new Error('addTo is asynchronous, and synth would not wait for its charts; await what it needs before MeshEnvironments.addCharts()');
}

function errorsOf(action: () => void): Error[] {
  try {
    action();
    return [];
  } catch (error) {
    return [error instanceof Error ? error : new Error(String(error))];
  }
}

const OWN = /^MeshEnvironments: (?=environments\[(\d+)\])/;

/** Checks the properties. An error about an option of one environment names that environment. */
function acceptedProps(props: MeshEnvironmentsProps): MeshEnvironmentsProps {
  try {
    return accepted('MeshEnvironments', [props])[0];
  } catch (error) {
    const { message } = error as Error;
    const [, index] = OWN.exec(message) ?? [];
    const place = index === undefined ? undefined : placeOfOptions(props.environments[Number(index)]);
    throw place === undefined ? error : new Error(message.replace(OWN, `${place}: `), { cause: error });
  }
}

/** The settings of an environment; an undefined value counts as missing. */
function stated({ settings = {} }: MeshEnvironmentOptions): { readonly [key: string]: unknown } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== null));
}

/** Rejects a key that only some environments have: it is missing in the others, or misspelled. */
function requireSame(
  environments: readonly MeshEnvironmentOptions[], valuesOf: (options: MeshEnvironmentOptions) => { readonly [key: string]: unknown },
  common: { readonly [key: string]: unknown }, what: string, shared?: string,
): void {
  const stating = new Map<string, string>();
  for (const options of environments) {
    for (const key of Object.keys(valuesOf(options))) if (!stating.has(key)) stating.set(key, options.name);
  }
  for (const options of environments) {
    const own = valuesOf(options);
    for (const [key, other] of stating) {
      if (Object.hasOwn(own, key) || Object.hasOwn(common, key)) continue;
      fail(named(options.name), `it has no ${what} '${key}', which environment '${other}' has; `
        + `add it to this environment too${shared === undefined ? '' : `, or to ${shared}`}`);
    }
  }
}
