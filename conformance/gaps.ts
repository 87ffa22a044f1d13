import * as yaml from 'js-yaml';
import { Edge } from '../src/edge/edge';
import type { MeshConfigFields } from '../src/envoy/mesh-config';
import type { Proxy } from '../src/envoy/proxy';
import { Translator } from '../src/envoy/translator';
import type { KubernetesObject } from '../src/manifest/kubernetes-object';

/** Something that the translator does not support, an example, and a part of what is said of it. */
export interface Gap {
  readonly what: string;
  readonly example: string;
  readonly note: RegExp;
  readonly meshConfig?: MeshConfigFields;
  readonly features?: { readonly [name: string]: string };
  readonly istioVersion?: string;
}

const SIDECAR: Proxy = { type: 'sidecar', namespace: 'shop' };
const GATEWAY: Proxy = { type: 'gateway', namespace: 'shop', labels: { istio: 'edge' } };

const object = (apiVersion: string, kind: string, spec = '{}') => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: it, namespace: shop }\nspec: ${spec}\n`;
const SERVICE = object('v1', 'Service', '{ selector: { app: it }, ports: [{ name: http, port: 80 }], internalTrafficPolicy: Local }');

/** What the translator does not support. Something is said of each if the manifests contain it. */
export const GAPS: readonly Gap[] = [
  { what: 'calls that a sidecar gets: the listener `virtualInbound`, its clusters, `Sidecar.ingress`', example: '', note: /virtualInbound/ },
  { what: '`EnvoyFilter`', example: object('networking.istio.io/v1alpha3', 'EnvoyFilter'), note: /^EnvoyFilter/ },
  { what: '`WasmPlugin`', example: object('extensions.istio.io/v1alpha1', 'WasmPlugin', '{ url: "oci://it" }'), note: /^WasmPlugin/ },
  { what: '`ProxyConfig`', example: object('networking.istio.io/v1beta1', 'ProxyConfig'), note: /^ProxyConfig/ },
  { what: 'Gateway API', example: object('gateway.networking.k8s.io/v1', 'HTTPRoute', '{ parentRefs: [{ name: it }] }'), note: /^HTTPRoute/ },
  { what: '`Ingress`', example: object('networking.k8s.io/v1', 'Ingress'), note: /^Ingress/ },
  { what: '`AuthorizationPolicy`', example: object('security.istio.io/v1', 'AuthorizationPolicy'), note: /^AuthorizationPolicy/ },
  { what: '`RequestAuthentication`', example: object('security.istio.io/v1', 'RequestAuthentication'), note: /^RequestAuthentication/ },
  { what: '`internalTrafficPolicy: Local`', example: SERVICE, note: /internalTrafficPolicy: Local/ },
  {
    what: 'servers with `AUTO_PASSTHROUGH`, for calls between networks',
    example: object('networking.istio.io/v1', 'Gateway',
      '{ selector: { istio: edge }, servers: [{ port: { number: 15443, name: tls, protocol: TLS }, hosts: ["*.local"], tls: { mode: AUTO_PASSTHROUGH } }] }'),
    note: /AUTO_PASSTHROUGH/,
  },
  {
    what: 'access logs by OpenTelemetry',
    example: `${object('telemetry.istio.io/v1', 'Telemetry', '{ accessLogging: [{ providers: [{ name: otel }] }] }')}---\n${SERVICE}`,
    note: /OpenTelemetry/,
    meshConfig: { extensionProviders: [{ name: 'otel', envoyOtelAls: { service: 'it.shop.svc.cluster.local', port: 80 } }] },
  },
  { what: 'environment variables of istiod other than `DISABLE_SHADOW_HOST_SUFFIX`', example: '', note: /PILOT_ENABLE_IT/, features: { PILOT_ENABLE_IT: 'true' } },
  { what: 'Istio versions between the oldest and the newest', example: '', note: /release notes/, istioVersion: '1.26' },
];

/** What is said of a gap, by the translator or of what is not judged; undefined if nothing is. */
export function noteOn({ example, note, meshConfig, features, istioVersion }: Gap): string | undefined {
  const objects = (yaml.loadAll(example) as (KubernetesObject | null)[]).filter(each => each !== null && each !== undefined);
  const translator = new Translator(objects, { meshConfig, features, istioVersion });
  const notes = [SIDECAR, GATEWAY].flatMap(proxy => translator.translate(proxy).notes.map(({ message }) => message));
  const notJudged = new Edge(objects, { meshConfig, istioVersion }).all.map(({ what, changes }) => `${what}: ${changes}`);
  return [...notJudged, ...notes].find(message => note.test(message))?.replace(/^\w+ (?:\S+\/)?it: /, '');
}
