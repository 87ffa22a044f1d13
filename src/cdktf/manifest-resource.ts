import type { Construct, IConstruct } from 'constructs';

/** The field manager: the owner of the fields that Terraform applies. */
export interface FieldManager {
  /**
   * The name of the owner.
   * @default - Terraform
   */
  readonly name?: string;
  /**
   * Whether to take over fields of other owners.
   * @default false
   */
  readonly forceConflicts?: boolean;
}

/** A condition in the status of an object. */
export interface WaitCondition {
  readonly type?: string;
  readonly status?: string;
}

/** What an apply waits for. Set exactly one of these fields. */
export interface ManifestWait {
  /** Fields and the patterns that they must match, such as `'status.phase': 'Running'`; `*` matches any value. */
  readonly fields?: { readonly [path: string]: string };
  /** Whether to wait for the end of a rollout, such as that of a Deployment. */
  readonly rollout?: boolean;
  /** Conditions in the status. */
  readonly condition?: WaitCondition[];
}

/** Timeouts of an apply, such as `10m`. */
export interface ManifestTimeouts {
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
}

/** A Terraform resource on which others can depend. */
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

/** A class of `kubernetes_manifest` resources, from the bindings of a provider or from `manifestResource()`. */
export type ManifestResource = new (scope: Construct, id: string, config: ManifestResourceConfig) => ITerraformManifest;

/** The part of the packages `cdktf` and `cdktn` that is used. */
export interface TerraformCore {
  readonly TerraformResource: new (...args: never[]) => object;
}

interface ResourceBase extends IConstruct {
  readonly fqn: string;
}

const TYPE = 'kubernetes_manifest';

/**
 * Creates a class of `kubernetes_manifest` resources from the package `cdktf` or `cdktn`, without the bindings of a provider. The stack
 * still needs the provider `kubernetes`.
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
