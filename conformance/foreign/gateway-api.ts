import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { moduleFolder } from './corpus';
import type { Explanation } from './explanation';
import { unexplained } from './explanation';
import { convertGatewayApi } from '../../src/gateway-api/conversion';
import type { GeneratedDestinationRule } from '../../src/gateway-api/converted';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { loadManifests } from '../../src/manifest/loader';
import { readManifests } from '../../src/manifest/manifest';
import { describeDifference, differences } from '../difference';
import type { Json } from '../istiod/client';

export const FOLDER = 'pilot/pkg/config/kube/gateway';

/** The differences between our conversion and the results that Istio's repository keeps. */
const EXPLAINED: readonly Explanation[] = [
  {
    of: /XBackendTrafficPolicy|^mix-backend-policy\.yaml: .*\.loadBalancer/,
    reason: 'istiod reads XBackendTrafficPolicy only with PILOT_ENABLE_ALPHA_GATEWAY_API, which is off by default',
  },
  {
    of: /^http\.yaml: .*infpool.*\.destination\.(?:host|port): expected "\(nothing\)"/,
    reason: 'istiod reads InferencePool only with ENABLE_GATEWAY_API_INFERENCE_EXTENSION, which is off by default',
  },
];

/** The value of `mode` that protobuf leaves out. */
const PASSTHROUGH = 'PASSTHROUGH';

const PORTS = [{ name: 'http', port: 80 }, { name: 'tcp', port: 34000 }, { name: 'tcp-other', port: 34001 }];

const HTTPS = { name: 'https', port: 443 };

/** The Services, Secrets and ConfigMaps that Istio's test adds to each input. */
export function presets(test: string): KubernetesObject[] {
  const pems = new Map([...test.matchAll(/(\w+PEM) = `([^`]+)`/g)].map(([, name, text]) => [name, text]));
  const services = test.split('\n\t{\n').flatMap(block => {
    const [, host] = /\n\t\tHostname:\s+"([^"]+)\.domain\.suffix"/.exec(block) ?? [];
    const [name, namespace] = host?.split('.') ?? [];
    return host === undefined ? [] : [{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { ports: block.includes(' 443,') ? [HTTPS, ...PORTS] : PORTS } }];
  });
  const others = [...test.matchAll(/&corev1\.(Secret|ConfigMap)\{\s+ObjectMeta: metav1\.ObjectMeta\{\s+Name:\s+"(.+)",\s+Namespace: "(.+)",\s+\},\s+Data: [^{]+\{([\s\S]*?)\n\t\t\t\},/g)]
    .map(([, kind, name, namespace, body]) => {
      const data = Object.fromEntries([...body.matchAll(/"(.+?)":\s+(?:\[\]byte\()?(?:"(.*)"|(\w+))\)?,/g)].map(([, key, text, pem]) => {
        const value = text ?? pems.get(pem)!;
        return [key, kind === 'Secret' ? Buffer.from(value).toString('base64') : value];
      }));
      return { apiVersion: 'v1', kind, metadata: { name, namespace }, data };
    });
  return [...services, ...others];
}

/** The namespaces of objects, with the label that Istio's test writes. */
export function namespaces(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return [...new Set(objects.map(({ metadata }) => metadata.namespace ?? ''))].filter(name => name !== '').map(name => (
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'istio.io/test-name-part': name.split('-')[0] } } }));
}

function byKey(objects: readonly Json[]): ReadonlyMap<string, Json> {
  return new Map(objects.map(object => [`${object.kind} ${object.metadata.namespace}/${object.metadata.name}`, object]));
}

/** A DestinationRule as istiod writes it, without the time that stands for none. */
function withoutTime({ metadata: { creationTimestamp: _, ...metadata }, ...rest }: GeneratedDestinationRule): Json {
  return { ...rest, metadata };
}

/** Compares our conversion of Gateway API objects with the results of istiod's in Istio's repository. */
export function compareGatewayApi(): { figure: string; wrong: string[] } {
  const folder = join(moduleFolder(), FOLDER);
  const preset = presets(readFileSync(join(folder, 'conversion_test.go'), 'utf8'));
  const names = readdirSync(join(folder, 'testdata')).filter(file => file.endsWith('.yaml.golden') && !file.endsWith('.status.yaml.golden'))
    .map(file => file.slice(0, -'.yaml.golden'.length));
  let count = 0;
  const wrong = names.flatMap(name => {
    const { objects } = loadManifests([join(folder, 'testdata', `${name}.yaml`)]);
    const { manifests } = readManifests([...objects, ...namespaces(objects), ...preset]);
    const { gateways, virtualServices, destinationRules } = convertGatewayApi(manifests, {
      clusterDomain: 'domain.suffix', flags: { ambient: true, multiNetwork: true }, assumesCertificates: false,
    });
    const golden = loadAll(readFileSync(join(folder, 'testdata', `${name}.yaml.golden`), 'utf8'), undefined, { schema: CORE_SCHEMA });
    const istiods = byKey((golden as (Json | null)[]).filter(object => object !== null));
    for (const tls of [...istiods.values()].flatMap(({ spec }) => spec.servers ?? []).flatMap((server: Json) => server.tls ?? [])) {
      tls.mode ??= PASSTHROUGH;
    }
    const ours = byKey([...gateways, ...virtualServices, ...destinationRules.map(withoutTime)]);
    count += istiods.size;
    return [...new Set([...istiods.keys(), ...ours.keys()])].flatMap(key => (
      differences(ours.get(key), istiods.get(key)).map(difference => `${name}.yaml: ${key}: ${describeDifference(difference)}`)));
  });
  return { figure: `${names.length} inputs, ${count} objects`, wrong: unexplained(wrong, EXPLAINED, true) };
}
