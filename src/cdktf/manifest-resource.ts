import type { Construct, IConstruct } from 'constructs';

/** Where Terraform writes: the owner of the fields that it applies. */
export interface FieldManager {
  /**
   * The name of the owner.
   * @default - Terraform
   */
  readonly name?: string;
  /**
   * Whether to take over fields that others own.
   * @default false
   */
  readonly forceConflicts?: boolean;
}

/** A condition in an object's status. */
export interface WaitCondition {
  readonly type?: string;
  readonly status?: string;
}

/** What an apply waits for; state one of the three. */
export interface ManifestWait {
  /** Fields and the patterns that they have to match, such as `'status.phase': 'Running'`; `*` for any value. */
  readonly fields?: { readonly [path: string]: string };
  /** The end of a rollout, of Deployments and the like. */
  readonly rollout?: boolean;
  /** Conditions in the status. */
  readonly condition?: WaitCondition[];
}

/** How long an apply may take, such as `10m`. */
export interface ManifestTimeouts {
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
}

/** A Terraform resource, as other resources depend on it. */
export interface ITerraformManifest extends IConstruct {
  readonly fqn: string;
}

/** The arguments of one `kubernetes_manifest`. */
export interface ManifestResourceConfig {
  readonly manifest: object;
  readonly dependsOn?: { readonly fqn: string }[];
  readonly provider?: unknown;
  readonly fieldManager?: object;
  readonly computedFields?: string[];
  readonly wait?: object;
  readonly timeouts?: object;
}

/** A class of resources `kubernetes_manifest`: that of a provider's bindings, or one made by `manifestResource()`. */
export type ManifestResource = new (scope: Construct, id: string, config: ManifestResourceConfig) => ITerraformManifest;

/** What is needed of the packages `cdktf` and `cdktn`. */
export interface TerraformCore {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly TerraformResource: new (...args: any[]) => any;
}

interface ResourceBase extends IConstruct {
  readonly fqn: string;
}

const TYPE = 'kubernetes_manifest';

/**
 * A class of resources `kubernetes_manifest` without a provider's bindings, from the package `cdktf` or `cdktn`. The stack needs a provider `kubernetes`
 * all the same.
 */
export function manifestResource(core: TerraformCore): ManifestResource {
  const Base = core.TerraformResource as new (scope: Construct, id: string, config: object) => ResourceBase;
  return class extends Base {
    constructor(scope: Construct, id: string, private readonly config: ManifestResourceConfig) {
      super(scope, id, { terraformResourceType: TYPE, dependsOn: config.dependsOn, provider: config.provider });
    }

    protected synthesizeAttributes(): { [name: string]: unknown } {
      const { manifest, computedFields, fieldManager, wait, timeouts } = this.config;
      const { name, forceConflicts } = (fieldManager ?? {}) as FieldManager;
      return {
        manifest,
        computed_fields: computedFields,
        field_manager: fieldManager && { name, force_conflicts: forceConflicts },
        wait,
        timeouts,
      };
    }
  };
}
