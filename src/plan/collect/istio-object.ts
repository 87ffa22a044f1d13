import type { ApiObjectProps } from 'cdk8s';
import { ApiObject, JsonPatch, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { AppState } from './app-state';
import { noteCallSite } from './call-sites';
import type { Traceable } from './origins';
import { originOf } from './origins';
import { plainSpec } from './plain-spec';
import type { ObjectOrigin } from '../model/object-origin';

const NETWORKING = 'networking.istio.io/v1';
const SECURITY = 'security.istio.io/v1';

/** The kinds that this library renders, with their API group. */
const API_VERSIONS: { readonly [kind: string]: string } = {
  AuthorizationPolicy: SECURITY,
  DestinationRule: NETWORKING,
  Gateway: NETWORKING,
  PeerAuthentication: SECURITY,
  RequestAuthentication: SECURITY,
  ServiceEntry: NETWORKING,
  Sidecar: NETWORKING,
  VirtualService: NETWORKING,
  Telemetry: 'telemetry.istio.io/v1',
};

export interface IstioObjectProps {
  readonly kind: string;
  readonly namespace: string;
  readonly annotations?: { readonly [key: string]: string };
  /** Called only when the object is rendered. */
  spec(): object;
  origin?(): ObjectOrigin;
}

export interface NamedObjectProps extends IstioObjectProps {
  readonly name: string;
}

interface LateNamedObjectProps extends IstioObjectProps {
  /** Returns the name, if it depends on later statements. */
  lateName(): string;
}

/** An ApiObject whose spec is created when it is rendered, so patches and unknown fields survive. */
export function istioObject(scope: Construct, id: string, props: NamedObjectProps | LateNamedObjectProps): ApiObject {
  const state = AppState.of(scope);
  if ('name' in props) state.claimName(props.kind, props.namespace, props.name, scope);
  const object = new IstioObject(scope, id, props);
  // The objects of one construct share its call site.
  if (state.recordsCallSites) noteCallSite(scope);
  const common = state.annotations[props.kind];
  const annotations = props.annotations ? { ...common, ...props.annotations } : common;
  for (const key in annotations) object.metadata.addAnnotation(key, annotations[key]);
  if (props.origin) originOf(object, props as Traceable);
  return object;
}

class IstioObject extends ApiObject {
  private ownPatches?: JsonPatch[];

  constructor(scope: Construct, id: string, private readonly shape: NamedObjectProps | LateNamedObjectProps) {
    const name = 'name' in shape ? shape.name : Lazy.any({ produce: () => shape.lateName() }) as string;
    super(scope, id, {
      apiVersion: API_VERSIONS[shape.kind],
      kind: shape.kind,
      metadata: { name, namespace: shape.namespace },
      spec: Lazy.any({ produce: () => shape.spec() }),
    } as ApiObjectProps);
    // cdk8s reads these two for the names of files and for construct-metadata.json, and resolves neither.
    if ('lateName' in shape) {
      for (const named of [this, this.metadata]) Object.defineProperty(named, 'name', { get: () => shape.lateName() });
    }
  }

  public addJsonPatch(...patches: JsonPatch[]): void {
    (this.ownPatches ??= []).push(...patches);
    super.addJsonPatch(...patches);
  }

  /** Throws errors of the spec before cdk8s can wrap them in its own message. */
  public toJson(): object {
    const spec = plainSpec(this, this.shape.spec());
    if (!spec) return super.toJson();
    const object = { apiVersion: this.apiVersion, kind: this.kind, metadata: this.metadata.toJson(), spec };
    return this.ownPatches ? JsonPatch.apply(object, ...this.ownPatches) : object;
  }
}
