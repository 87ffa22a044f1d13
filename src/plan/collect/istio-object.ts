import type { JsonPatch } from 'cdk8s';
import { ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { AppState } from './app-state';
import { noteCallSite } from './call-sites';
import type { Traceable } from './origins';
import { originOf } from './origins';
import { plain, plainMetadata, UNCLEAR } from './plain-rendering';
import type { ObjectOrigin } from '../model/object-origin';

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
  /** Changes whenever `spec()` would; undefined where nobody can tell. */
  readonly revision?: number;
  /** Called when the object is rendered, and not before. */
  spec(): object;
  origin?(): ObjectOrigin;
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
  const state = AppState.of(scope);
  if ('name' in props) state.claimName(props.kind, props.namespace, props.name, scope);
  const object = new IstioObject(scope, id, props);
  // The objects of one construct share its line.
  if (state.recordsCallSites) noteCallSite(scope);
  const annotations = state.annotations[props.kind];
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
  private ahead?: { readonly revision: number; readonly spec: unknown };

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
    const { ahead } = this;
    this.ahead = undefined;
    if (!this.isPlain()) return this.resolved(this.shape.spec());
    return this.withSpec(ahead && ahead.revision === this.shape.revision ? ahead.spec : plain(this.shape.spec()));
  }

  public renderAhead(): object {
    const { revision } = this.shape;
    if (revision === undefined || !this.isPlain()) return this.toJson();
    const spec = plain(this.shape.spec());
    this.ahead = { revision, spec };
    return this.withSpec(spec);
  }

  private isPlain(): boolean {
    return !this.patched && !process.env.CDK8S_DISABLE_SORT && AppState.of(this).resolvesPlainly(this);
  }

  private withSpec(spec: unknown): object {
    if (spec === UNCLEAR) return this.resolved(this.shape.spec());
    return { apiVersion: this.apiVersion, kind: this.kind, metadata: this.namedMetadata(), spec };
  }

  /** As cdk8s renders. */
  private resolved(spec: object): object {
    this.given.spec = spec;
    return super.toJson();
  }

  private namedMetadata(): object {
    // A name that is not known yet is for cdk8s to resolve.
    return ('name' in this.shape ? plainMetadata(this) : undefined) ?? this.metadata.toJson();
  }
}
