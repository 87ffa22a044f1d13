import type { MeshEnvironmentOptions } from './mesh-environment';
import { MeshEnvironment } from './mesh-environment';
import { named } from './settings';
import { fail } from '../traffic/problem';

/** Environments that are made from the same constructs. */
export interface MeshEnvironmentsProps {
  /** The environments. */
  readonly environments: MeshEnvironmentOptions[];
  /**
   * Settings of every environment that does not state them itself.
   * @default - none; each environment states all
   */
  readonly settings?: { readonly [key: string]: any };
  /**
   * The environments to write.
   * @default - those that the environment variable MESH_ENVIRONMENTS names, joined by commas, else all
   */
  readonly only?: string[];
  /**
   * The folder that holds a folder for each environment.
   * @default - the environment variable CDK8S_OUTDIR, else `dist`
   */
  readonly outdir?: string;
}

/**
 * The environments of one program, each an App with a folder of its own. A setting has to be known in all of them: stated by each, or by `settings` of all.
 */
export class MeshEnvironments {
  /** The environments to make charts in: all, or those asked for. */
  public readonly selected: MeshEnvironment[];

  constructor(props: MeshEnvironmentsProps) {
    const { environments, settings = {}, outdir } = props;
    if (environments.length === 0) fail('MeshEnvironments', 'there are no environments; state at least one');
    const names = environments.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) fail('MeshEnvironments', `two environments have the name '${twice}'; give each its own`);
    requireSettings(environments, settings);
    const all = environments.map(options => new MeshEnvironment({ ...options, settings: { ...settings, ...stated(options) }, outdir }));
    const only = props.only ?? process.env.MESH_ENVIRONMENTS?.split(',').map(name => name.trim()).filter(name => name !== '');
    for (const name of only ?? []) {
      if (!names.includes(name)) fail('MeshEnvironments', `there is no environment '${name}' to write; use ${names.join(', ')}`);
    }
    this.selected = only === undefined || only.length === 0 ? all : all.filter(({ environmentName }) => only.includes(environmentName));
  }

  /** Writes the manifests of every selected environment into its folder. */
  public synth(): void {
    for (const environment of this.selected) environment.synth();
  }
}

/** The settings that an environment states; one that is undefined says nothing. */
function stated({ settings = {} }: MeshEnvironmentOptions): { readonly [key: string]: unknown } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== null));
}

/** A key that one environment knows and another does not is forgotten there, or misspelled here. */
function requireSettings(environments: readonly MeshEnvironmentOptions[], common: { readonly [key: string]: unknown }): void {
  const stating = new Map<string, string>();
  for (const options of environments) for (const key of Object.keys(stated(options))) if (!stating.has(key)) stating.set(key, options.name);
  for (const options of environments) {
    const own = stated(options);
    for (const [key, other] of stating) {
      if (Object.hasOwn(own, key) || Object.hasOwn(common, key)) continue;
      fail(named(options.name), `it has no setting '${key}', which environment '${other}' states; state it there too, or in the \`settings\` of all`);
    }
  }
}
