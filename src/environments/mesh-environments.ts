import type { MeshEnvironmentOptions } from './mesh-environment';
import { MeshEnvironment } from './mesh-environment';
import { accepted } from '../traffic/accepted';
import { fail, named } from '../traffic/problem';

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

/**
 * The environments of one program, each an App with its own folder. Every environment must have the same settings, from its own `settings`
 * or from the shared ones.
 */
export class MeshEnvironments {
  /** The environments to create charts in: all, or the selected ones. */
  public readonly selected: MeshEnvironment[];

  constructor(props: MeshEnvironmentsProps) {
    [props] = accepted('MeshEnvironments', [props]);
    const { environments, settings = {}, outdir } = props;
    if (environments.length === 0) fail('MeshEnvironments', 'environments is empty; add at least one');
    const names = environments.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) fail('MeshEnvironments', `two environments have the name '${twice}'; use different names`);
    requireSettings(environments, settings);
    const all = environments.map(options => new MeshEnvironment({ ...options, settings: { ...settings, ...stated(options) }, outdir }));
    const only = props.only ?? process.env.MESH_ENVIRONMENTS?.split(',').map(name => name.trim()).filter(name => name !== '');
    for (const name of only ?? []) {
      if (!names.includes(name)) fail('MeshEnvironments', `there is no environment '${name}'; use ${names.join(', ')}`);
    }
    this.selected = only === undefined || only.length === 0 ? all : all.filter(({ environmentName }) => only.includes(environmentName));
  }

  /**
   * Writes the manifests of every selected environment into its folder. If some have errors, the others are written, and one error at the end
   * names all of them.
   */
  public synth(): void {
    const errors = this.selected.flatMap(environment => errorsOf(environment));
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new Error(errors.map(({ message }) => message).join('\n'), { cause: errors });
  }
}

function errorsOf(environment: MeshEnvironment): Error[] {
  try {
    environment.synth();
    return [];
  } catch (error) {
    return [error as Error];
  }
}

/** The settings of an environment; an undefined value counts as missing. */
function stated({ settings = {} }: MeshEnvironmentOptions): { readonly [key: string]: unknown } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== null));
}

/** Rejects a key that only some environments have: it is missing in the others, or misspelled. */
function requireSettings(environments: readonly MeshEnvironmentOptions[], common: { readonly [key: string]: unknown }): void {
  const stating = new Map<string, string>();
  for (const options of environments) for (const key of Object.keys(stated(options))) if (!stating.has(key)) stating.set(key, options.name);
  for (const options of environments) {
    const own = stated(options);
    for (const [key, other] of stating) {
      if (Object.hasOwn(own, key) || Object.hasOwn(common, key)) continue;
      fail(named(options.name), `it has no setting '${key}', which environment '${other}' has; `
        + 'add it to this environment too, or to the shared `settings`');
    }
  }
}
