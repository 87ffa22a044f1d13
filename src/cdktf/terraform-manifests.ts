import type { ApiObject, App } from 'cdk8s';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { isClusterScoped } from './cluster-scoped';
import { LateManifest } from './late-manifest';
import { ManifestOrder, objectsBelow } from './manifest-order';
import type { FieldManager, ITerraformManifest, ManifestResource, ManifestTimeouts, ManifestWait } from './manifest-resource';
import { prebuiltManifest } from './prebuilt-manifest';
import { templateValue } from './template-string';
import { stackOf } from './terraform-stack';
import { fail } from '../traffic/problem';

/** The options of the resource of one object. */
export interface ManifestOptions {
  /** Fields that the API server or a controller changes, in addition to annotations and labels. */
  readonly computedFields?: string[];
  /** What an apply waits for. */
  readonly wait?: ManifestWait;
  /** Timeouts of an apply. */
  readonly timeouts?: ManifestTimeouts;
}

/** How to deploy the objects of an App or a Chart. */
export interface TerraformManifestsProps {
  /** The App or Chart with the objects. Create all objects first. */
  readonly source: App | Chart;
  /**
   * The namespace of objects that have none.
   * @default - an object without a namespace throws, because the provider rejects it
   */
  readonly namespace?: string;
  /**
   * Cluster-scoped kinds of custom resources.
   * @default - none, only the cluster-scoped kinds of Kubernetes
   */
  readonly clusterScopedKinds?: string[];
  /**
   * The `kubernetes` provider.
   * @default - the provider of the stack
   */
  readonly provider?: unknown;
  /** The owner of the fields that Terraform applies. */
  readonly fieldManager?: FieldManager;
  /** Returns the options of an object's resource. */
  readonly optionsFor?: (object: ApiObject) => ManifestOptions | undefined;
  /**
   * The resource class.
   * @default - `Manifest` of @cdktf/provider-kubernetes
   */
  readonly resource?: ManifestResource;
}

/** The provider's default for `computedFields`, which a configured list replaces. */
const COMPUTED = ['metadata.annotations', 'metadata.labels'];

/** The resources of each object, in any stack. */
const deployed = new WeakMap<ApiObject, ITerraformManifest[]>();

/**
 * Deploys the objects of a cdk8s App or Chart with Terraform: one `kubernetes_manifest` per object, each after its dependencies. The
 * manifests are rendered together with the stack, so they contain later patches.
 *
 * @see https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs/resources/manifest
 */
export class TerraformManifests extends Construct {
  private readonly resources = new Map<ApiObject, ITerraformManifest>();

  constructor(scope: Construct, id: string, private readonly props: TerraformManifestsProps) {
    super(scope, id);
    stackOf(this);
    const Resource = props.resource ?? prebuiltManifest(this);
    const order = new ManifestOrder(props.source);
    for (const object of order.sorted(this)) {
      const own = order.before(object).map(other => this.resources.get(other)!);
      const before = [...own, ...order.outside(object).flatMap(other => this.elsewhere(object, other))];
      const resource = new Resource(this, idOf(object), {
        ...this.optionsOf(object),
        manifest: new LateManifest(() => templateValue(this.manifestOf(object))),
        dependsOn: before.length > 0 ? before : undefined,
        provider: props.provider,
        fieldManager: props.fieldManager,
      });
      this.resources.set(object, resource);
      deployed.set(object, [...deployed.get(object) ?? [], resource]);
    }
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** The resource of an object, on which other resources can depend. */
  public resourceFor(object: ApiObject): ITerraformManifest {
    return (
      this.resources.get(object)
      ?? fail(this, `${nameOf(object)} is not in the source; pass an object of ${this.props.source.node.path || 'the App'}`)
    );
  }

  private optionsOf(object: ApiObject): ManifestOptions {
    const { computedFields, wait, timeouts } = this.props.optionsFor?.(object) ?? {};
    const waits = wait ? Object.entries(wait).filter(([, value]) => value !== undefined).map(([key]) => key) : [];
    if (waits.length > 1) {
      fail(this, `Terraform supports one kind of wait, but ${nameOf(object)} sets ${waits.join(' and ')}; set one of them`);
    }
    return { computedFields: computedFields && [...new Set([...COMPUTED, ...computedFields])], wait, timeouts };
  }

  private manifestOf(object: ApiObject): object {
    const { status: _, ...manifest } = object.toJson() as { status?: unknown; kind: string; metadata?: { namespace?: string } };
    if (manifest.metadata?.namespace !== undefined || isClusterScoped(manifest.kind, this.props.clusterScopedKinds ?? [])) return manifest;
    const namespace = this.props.namespace
      ?? fail(
        this,
        `${nameOf(object)} has no namespace, which Terraform rejects; set \`namespace\` on its chart or here, or add its kind to \`clusterScopedKinds\``,
      );
    return { ...manifest, metadata: { ...manifest.metadata, namespace } };
  }

  /**
   * The resource of an object that another TerraformManifests deploys in this stack. If it is in another stack, this stack depends on that
   * one.
   */
  private elsewhere(object: ApiObject, other: ApiObject): ITerraformManifest[] {
    const found = (deployed.get(other) ?? []).filter(resource => resource.node.root === this.node.root);
    const here = found.find(resource => stackOf(resource) === stackOf(this));
    if (here) return [here];
    const there = found[0] ?? fail(this, `${nameOf(object)} depends on ${nameOf(other)}, which no earlier TerraformManifests deploys; `
      + 'create the TerraformManifests of its chart first, or use the App as `source`');
    stackOf(this).addDependency(stackOf(there));
    return [];
  }

  private problems(): string[] {
    const { source } = this.props;
    const late = objectsBelow(source).filter(object => !this.resources.has(object));
    if (late.length > 0) {
      return late.map(
        object => `${nameOf(object)} was created after ${this.node.path}, which would not deploy it; create TerraformManifests last`,
      );
    }
    try {
      // Throws what cdk8s would reject at synth.
      source.node.findAll().find(Chart.isChart)?.toJson();
    } catch (e) {
      return [(e as Error).message];
    }
    return [];
  }
}

/** The path of an object as a unique id. */
function idOf(object: ApiObject): string {
  return object.node.path.split('/').map(part => part.replace(/_/g, '__')).join('_');
}

function nameOf(object: ApiObject): string {
  return `${object.kind} '${object.name}' (${object.node.path})`;
}
