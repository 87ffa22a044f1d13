import type { JsonPatch } from 'cdk8s';
import { ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { noteCallSite } from './call-sites';
import { Environment } from './environment';
import type { Origin } from './origins';
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
  readonly spec: () => object;
  readonly origin?: () => Origin;
}

export interface NamedObjectProps extends IstioObjectProps {
  readonly name: string;
}

interface LateNamedObjectProps extends IstioObjectProps {
  /** Says the name where it depends on statements still to come. */
  readonly lateName: () => string;
}

/** An ApiObject whose spec is made when it is rendered, so that patches and unknown fields survive. */
export function istioObject(scope: Construct, id: string, props: NamedObjectProps | LateNamedObjectProps): ApiObject {
  if ('name' in props) Environment.of(scope).claimName(props.kind, props.namespace, props.name, scope);
  const object = new IstioObject(scope, id, props);
  noteCallSite(object);
  for (const [key, value] of Object.entries(Environment.of(scope).annotations[props.kind] ?? {})) object.metadata.addAnnotation(key, value);
  if (props.origin) originOf(object, props.origin);
  return object;
}

/**
 * Renders as ApiObject does, in less time: cdk8s looks for tokens in every value and walks up the tree for each, and our specs hold none.
 * Where somebody patched it, or an App brings resolvers of its own, cdk8s's own way is taken.
 */
class IstioObject extends ApiObject {
  private patched = false;

  constructor(scope: Construct, id: string, private readonly shape: NamedObjectProps | LateNamedObjectProps) {
    super(scope, id, {
      apiVersion: API_VERSIONS[shape.kind],
      kind: shape.kind,
      metadata: { name: 'name' in shape ? shape.name : (Lazy.any({ produce: shape.lateName }) as string), namespace: shape.namespace },
      spec: Lazy.any({ produce: shape.spec }),
    });
  }

  public addJsonPatch(...ops: JsonPatch[]): void {
    this.patched = true;
    super.addJsonPatch(...ops);
  }

  public toJson(): object {
    if (this.patched || process.env.CDK8S_DISABLE_SORT || !Environment.of(this).resolvesPlainly(this)) return super.toJson();
    const spec = plain(this.shape.spec());
    return spec === UNCLEAR ? super.toJson() : { apiVersion: this.apiVersion, kind: this.kind, metadata: this.metadata.toJson(), spec };
  }
}

const UNCLEAR = Symbol('something that cdk8s has to resolve');

/** A value as cdk8s would leave it: keys in order, nothing undefined. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(plain);
    return items.includes(UNCLEAR) ? UNCLEAR : items;
  }
  // By prototype: a header may be named `constructor`.
  if (Object.getPrototypeOf(value) !== Object.prototype) return UNCLEAR;
  const result: { [key: string]: unknown } = {};
  for (const key of Object.keys(value).sort()) {
    const child = plain((value as { [key: string]: unknown })[key]);
    if (child === UNCLEAR) return UNCLEAR;
    if (child !== undefined && child !== null) result[key] = child;
  }
  return result;
}
