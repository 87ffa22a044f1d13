import type { JsonPatch } from 'cdk8s';
import { ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { noteCallSite } from './call-sites';
import { Environment } from './environment';
import { inOrder } from './in-order';
import type { Origin, Traceable } from './origins';
import { originOf } from './origins';

const NETWORKING = 'networking.istio.io/v1';
const SECURITY = 'security.istio.io/v1';

/** The kinds we render and the API they belong to. */
const API_VERSIONS: { readonly [kind: string]: string } = {
  AuthorizationPolicy: SECURITY,
  DestinationRule: NETWORKING,
  Gateway: NETWORKING,
  PeerAuthentication: SECURITY,
  ServiceEntry: NETWORKING,
  Sidecar: NETWORKING,
  VirtualService: NETWORKING,
  Telemetry: 'telemetry.istio.io/v1',
};

export interface IstioObjectProps {
  readonly kind: string;
  readonly namespace: string;
  /** Called when the object is rendered, and not before. */
  spec(): object;
  origin?(): Origin;
}

export interface NamedObjectProps extends IstioObjectProps {
  readonly name: string;
}

interface LateNamedObjectProps extends IstioObjectProps {
  /** Says the name where it depends on statements still to come. */
  lateName(): string;
}

/** An ApiObject whose spec is made when it is rendered, so that patches and unknown fields survive. */
export function istioObject(scope: Construct, id: string, props: NamedObjectProps | LateNamedObjectProps): ApiObject {
  const environment = Environment.of(scope);
  if ('name' in props) environment.claimName(props.kind, props.namespace, props.name, scope);
  const object = new IstioObject(scope, id, props);
  if (environment.recordsCallSites) noteCallSite(object);
  const annotations = environment.annotations[props.kind];
  for (const key in annotations) object.metadata.addAnnotation(key, annotations[key]);
  if (props.origin) originOf(object, props as Traceable);
  return object;
}

/**
 * Renders as ApiObject does, in less time: cdk8s looks for tokens in every value and walks up the tree for each, and our specs hold none.
 * Where somebody patched it, or an App brings resolvers of its own, cdk8s's own way is taken.
 */
class IstioObject extends ApiObject {
  private readonly given: { spec?: object };
  private patched = false;

  constructor(scope: Construct, id: string, private readonly shape: NamedObjectProps | LateNamedObjectProps) {
    const given = {
      apiVersion: API_VERSIONS[shape.kind],
      kind: shape.kind,
      metadata: { name: 'name' in shape ? shape.name : (Lazy.any({ produce: () => shape.lateName() }) as string), namespace: shape.namespace },
      spec: undefined,
    };
    super(scope, id, given);
    this.given = given;
  }

  public addJsonPatch(...ops: JsonPatch[]): void {
    this.patched = true;
    super.addJsonPatch(...ops);
  }

  public toJson(): object {
    const spec = this.shape.spec();
    const special = this.patched || process.env.CDK8S_DISABLE_SORT || !Environment.of(this).resolvesPlainly(this);
    const clear = special ? UNCLEAR : plain(spec);
    if (clear !== UNCLEAR) {
      return { apiVersion: this.apiVersion, kind: this.kind, metadata: this.plainMetadata() ?? this.metadata.toJson(), spec: clear };
    }
    this.given.spec = spec;
    return super.toJson();
  }

  /** Name and namespace, unless there is more to the metadata than that. */
  private plainMetadata(): object | undefined {
    const kept = this.metadata as unknown as KeptMetadata;
    const bare = 'name' in this.shape && Object.keys(kept).length === KEPT && isEmpty(kept.labels) && isEmpty(kept.annotations)
      && isEmpty(kept.finalizers) && isEmpty(kept.ownerReferences) && hasOnly(kept._additionalAttributes, GIVEN);
    return bare ? { name: this.metadata.name, namespace: this.metadata.namespace } : undefined;
  }
}

/** What cdk8s keeps of an object's metadata. It is private there, so that each part may be missing one day, or others be there. */
interface KeptMetadata {
  readonly labels?: object;
  readonly annotations?: object;
  readonly finalizers?: object;
  readonly ownerReferences?: object;
  readonly _additionalAttributes?: object;
}

/** How many parts of it we know: the five above, the name, the namespace and the object. */
const KEPT = 8;

/** What cdk8s keeps as additional although it is not. */
const GIVEN = new Set(['name', 'namespace', 'labels']);

function hasOnly(map: object | undefined, known: ReadonlySet<string>): boolean {
  return map !== undefined && Object.keys(map).every(key => known.has(key));
}

function isEmpty(map: object | undefined): boolean {
  return map !== undefined && Object.keys(map).length === 0;
}

const UNCLEAR = Symbol('something that cdk8s has to resolve');

/** A value as cdk8s would leave it: keys in order, nothing undefined. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? plainItems(value) : plainFields(value);
}

function plainItems(value: readonly unknown[]): unknown {
  const items: unknown[] = new Array(value.length);
  for (let i = 0; i < value.length; i++) {
    if ((items[i] = plain(value[i])) === UNCLEAR) return UNCLEAR;
  }
  return items;
}

function plainFields(value: object): unknown {
  // By prototype: a header may be named `constructor`.
  if (Object.getPrototypeOf(value) !== Object.prototype) return UNCLEAR;
  const keys = inOrder(Object.keys(value));
  const result: { [key: string]: unknown } = {};
  for (let i = 0; i < keys.length; i++) {
    const child = plain((value as { [key: string]: unknown })[keys[i]]);
    if (child === UNCLEAR) return UNCLEAR;
    if (child !== undefined && child !== null) result[keys[i]] = child;
  }
  return result;
}
