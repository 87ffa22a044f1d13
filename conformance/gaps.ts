import * as yaml from 'js-yaml';
import type { MeshConfigFields } from '../src/envoy/mesh-config';
import type { Proxy } from '../src/envoy/proxy';
import { Translator } from '../src/envoy/translator';
import type { KubernetesObject } from '../src/manifest/kubernetes-object';

/** Something that the translator leaves out, an example, and a part of its note. */
export interface Gap {
  readonly what: string;
  readonly example: string;
  readonly note: RegExp;
  readonly meshConfig?: MeshConfigFields;
  readonly features?: { readonly [name: string]: string };
}

const SIDECAR: Proxy = { type: 'sidecar', namespace: 'shop' };
const GATEWAY: Proxy = { type: 'gateway', namespace: 'shop', labels: { istio: 'edge' } };

const object = (apiVersion: string, kind: string, spec = '{}') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: it, namespace: shop }\nspec: ${spec}\n`;
const SERVICE = object('v1', 'Service', '{ selector: { app: it }, ports: [{ name: http, port: 80 }], internalTrafficPolicy: Local }');

/**
 * What the translator leaves out, and no answer depends on. Each has a note if the manifests contain it. What answers depend on is in
 * src/edge.
 */
export const GAPS: readonly Gap[] = [
  { what: 'the traces of inbound connections (listener `virtualInbound`)', example: '', note: /virtualInbound/ },
  {
    what: 'access logs to OpenTelemetry',
    example: `${object('telemetry.istio.io/v1', 'Telemetry', '{ accessLogging: [{ providers: [{ name: otel }] }] }')}---\n${SERVICE}`,
    note: /OpenTelemetry/,
    meshConfig: { extensionProviders: [{ name: 'otel', envoyOtelAls: { service: 'it.shop.svc.cluster.local', port: 80 } }] },
  },
  {
    what: 'environment variables of istiod other than `DISABLE_SHADOW_HOST_SUFFIX`',
    example: '',
    note: /PILOT_ENABLE_IT/,
    features: { PILOT_ENABLE_IT: 'true' },
  },
];

/** The note of the translator about a gap, without the name of the object; undefined if there is none. */
export function noteOn({ example, note, meshConfig, features }: Gap): string | undefined {
  const objects = (yaml.loadAll(example) as (KubernetesObject | null)[]).filter(each => each !== null && each !== undefined);
  const translator = new Translator(objects, { meshConfig, features });
  const notes = [SIDECAR, GATEWAY].flatMap(proxy => translator.translate(proxy).notes.map(({ message }) => message));
  return notes.find(message => note.test(message))?.replace(/^\w+ (?:\S+\/)?it: /, '');
}
