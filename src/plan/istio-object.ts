import { ApiObject, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { Environment } from './environment';
import type { Origin } from './origins';
import { originOf } from './origins';

const NETWORKING = 'networking.istio.io/v1';

/** The kinds we render and the API they belong to. */
const API_VERSIONS: { readonly [kind: string]: string } = {
  DestinationRule: NETWORKING,
  Gateway: NETWORKING,
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

interface NamedObjectProps extends IstioObjectProps {
  readonly name: string;
}

interface LateNamedObjectProps extends IstioObjectProps {
  /** Says the name where it depends on statements still to come. */
  readonly lateName: () => string;
}

/** A plain ApiObject whose spec is made when it is rendered, so that patches and unknown fields survive. */
export function istioObject(scope: Construct, id: string, props: NamedObjectProps | LateNamedObjectProps): ApiObject {
  if ('name' in props) Environment.of(scope).claimName(props.kind, props.namespace, props.name, scope);
  const object = new ApiObject(scope, id, {
    apiVersion: API_VERSIONS[props.kind],
    kind: props.kind,
    metadata: { name: 'name' in props ? props.name : (Lazy.any({ produce: props.lateName }) as string), namespace: props.namespace },
    spec: Lazy.any({ produce: props.spec }),
  });
  if (props.origin) originOf(object, props.origin);
  return object;
}
