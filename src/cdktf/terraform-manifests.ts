import type { ApiObject, App } from 'cdk8s';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { isClusterScoped } from './cluster-scoped';
import { LateManifest } from './late-manifest';
import { ManifestOrder, objectsBelow } from './manifest-order';
import type { FieldManager, ITerraformManifest, ManifestResource, ManifestTimeouts, ManifestWait } from './manifest-resource';
import { prebuiltManifest } from './prebuilt-manifest';
import { templateValue } from './template-text';
import { stackOf } from './terraform-stack';
import { fail } from '../traffic/problem';

/** What Terraform is told of one object, beside its manifest. */
export interface ManifestOptions {
  /** Fields that the API server or a controller changes, beside annotations and labels. */
  readonly computedFields?: string[];
  /** What an apply waits for. */
  readonly wait?: ManifestWait;
  /** How long an apply may take. */
  readonly timeouts?: ManifestTimeouts;
}

/** How to deploy the objects of an App or a Chart. */
export interface TerraformManifestsProps {
  /** Where the objects are. Make everything in it first. */
  readonly source: App | Chart;
  /**
   * The namespace of objects that name none.
   * @default - such an object is an error, since Terraform refuses it
   */
  readonly namespace?: string;
  /**
   * Kinds of custom resources that live in no namespace.
   * @default - the kinds of Kubernetes alone
   */
  readonly clusterScopedKinds?: string[];
  /**
   * The provider `kubernetes` to deploy with.
   * @default - the stack's
   */
  readonly provider?: unknown;
  /** The owner of the fields that Terraform applies. */
  readonly fieldManager?: FieldManager;
  /** What Terraform is told of an object, beside its manifest. */
  readonly optionsFor?: (object: ApiObject) => ManifestOptions | undefined;
  /**
   * The class of the resources.
   * @default - `Manifest` of @cdktf/provider-kubernetes
   */
  readonly resource?: ManifestResource;
}

/** What the provider takes as changed by others if nothing is stated; whoever states something has to state these too. */
const COMPUTED = ['metadata.annotations', 'metadata.labels'];

/** The resources of each object, in whichever stack. */
const deployed = new WeakMap<ApiObject, ITerraformManifest[]>();

/**
 * Deploys the objects of a cdk8s App or Chart with Terraform: one `kubernetes_manifest` an object, each after what it depends on. The manifests are rendered
 * when the stack is, so that patches still to come are in them.
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

  /** The resource of an object, for others to depend on. */
  public resourceFor(object: ApiObject): ITerraformManifest {
    return this.resources.get(object) ?? fail(this, `${describe(object)} is none of its objects; it deploys what is in ${this.props.source.node.path || 'the App'}`);
  }

  private optionsOf(object: ApiObject): ManifestOptions {
    const { computedFields, wait, timeouts } = this.props.optionsFor?.(object) ?? {};
    const waits = wait ? Object.entries(wait).filter(([, value]) => value !== undefined).map(([key]) => key) : [];
    if (waits.length > 1) fail(this, `Terraform waits for one thing, and ${describe(object)} states ${waits.join(' and ')}; state one of them`);
    return { computedFields: computedFields && [...new Set([...COMPUTED, ...computedFields])], wait, timeouts };
  }

  private manifestOf(object: ApiObject): object {
    const { status: _, ...manifest } = object.toJson() as { status?: unknown; kind: string; metadata?: { namespace?: string } };
    if (manifest.metadata?.namespace !== undefined || isClusterScoped(manifest.kind, this.props.clusterScopedKinds ?? [])) return manifest;
    const namespace = this.props.namespace
      ?? fail(this, `${describe(object)} has no namespace, which Terraform refuses; state \`namespace\` on its chart or here, or its kind in \`clusterScopedKinds\``);
    return { ...manifest, metadata: { ...manifest.metadata, namespace } };
  }

  /** What to wait for in this stack, of an object that another TerraformManifests deploys; of another stack, the stack waits. */
  private elsewhere(object: ApiObject, other: ApiObject): ITerraformManifest[] {
    const found = (deployed.get(other) ?? []).filter(resource => resource.node.root === this.node.root);
    const here = found.find(resource => stackOf(resource) === stackOf(this));
    if (here) return [here];
    const there = found[0] ?? fail(this, `${describe(object)} depends on ${describe(other)}, which nothing deploys before; `
      + 'make TerraformManifests of its chart first, or take the App as `source`');
    stackOf(this).addDependency(stackOf(there));
    return [];
  }

  private problems(): string[] {
    const { source } = this.props;
    const late = objectsBelow(source).filter(object => !this.resources.has(object));
    if (late.length > 0) {
      return late.map(object => `${describe(object)} was made after ${this.node.path}, which would not deploy it; make TerraformManifests last`);
    }
    try {
      // Whatever cdk8s would refuse to write.
      source.node.findAll().find(Chart.isChart)?.toJson();
    } catch (e) {
      return [(e as Error).message];
    }
    return [];
  }
}

/** The path of an object as one id; no two paths meet in one. */
function idOf(object: ApiObject): string {
  return object.node.path.split('/').map(part => part.replace(/_/g, '__')).join('_');
}

function describe(object: ApiObject): string {
  return `${object.kind} '${object.name}' (${object.node.path})`;
}
