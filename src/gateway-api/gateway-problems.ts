import { hasKeyPair } from './certificates';
import { isManaged } from './listener';
import type { TlsContext } from './listener-tls';
import type { Missing, Problem } from './problem';
import { problem } from './problem';
import { notPermitted } from './reference-grants';
import { CONFIG_MAP, GATEWAY, SECRET, kindOf } from './references';
import type { ManifestOf } from '../manifest/manifest';
import type { FieldPath } from '../manifest/provenance';

type Gateway = ManifestOf<'KubernetesGateway'>;

/** A problem of a Gateway beside those of its listeners. */
export interface GatewayProblem {
  readonly path: FieldPath;
  readonly why: Problem;
}

/** The problems of a Gateway itself, in the order in which istiod prefers them. */
export function gatewayProblems(gateway: Gateway, context: TlsContext): GatewayProblem[] {
  const addresses = addressProblems(gateway);
  const parameters = addresses.length === 0 ? parametersProblem(gateway, context) : undefined;
  const certificate = clientCertificateProblem(gateway, context);
  return [
    ...addresses,
    ...parameters ? [{ path: ['spec', 'infrastructure', 'parametersRef'], why: parameters }] : [],
    ...certificate ? [{ path: ['spec', 'tls', 'backend', 'clientCertificateRef'], why: certificate }] : [],
  ];
}

/** A Gateway may name Services by their hosts, and otherwise has one address at most, which Kubernetes assigns. */
function addressProblems({ spec = {} }: Gateway): GatewayProblem[] {
  if (isManaged(spec)) return [];
  return (spec.addresses ?? []).flatMap(({ type = 'Hostname', value = '' }, i) => (type === 'Hostname' ? [] : [{
    path: ['spec', 'addresses', i],
    why: problem('UnsupportedAddress', `Istio takes no ${type} ${value} beside other addresses, only the hosts of Services`),
  }]));
}

/** The Services that a Gateway names must be in its own namespace, and have the ports of its listeners. */
export function serviceProblems(
  { metadata: { namespace = '' }, spec = {} }: Gateway, ports: readonly number[], { referents }: TlsContext,
): GatewayProblem[] {
  if (isManaged(spec)) return [];
  return (spec.addresses ?? []).flatMap(({ type = 'Hostname', value = '' }, i) => {
    const [, name = value, of = namespace] = /^([^.]+)\.([^.]+)\.svc(?:\.|$)/.exec(value) ?? [];
    // A ServiceEntry may have any other host.
    if (type !== 'Hostname' || name.includes('.')) return [];
    const tell = (message: string, missing?: Missing) => (
      { path: ['spec', 'addresses', i], why: problem('AddressNotUsable', message, missing) });
    if (of !== namespace) return [tell(`Service ${of}/${name} is not in the namespace of the Gateway`)];
    const service = referents.get('Service', namespace, name);
    if (!service) return [tell(`Service ${namespace}/${name} does not exist`, { kind: 'Service', namespace, name })];
    const absent = [...new Set(ports)].filter(port => !(service.spec?.ports ?? []).some(each => each.port === port));
    return absent.map(port => tell(`Service ${namespace}/${name} has no port ${port}`));
  });
}

function parametersProblem({ metadata: { namespace = '' }, spec }: Gateway, { referents, assumesCertificates }: TlsContext): Problem | undefined {
  const reference = spec?.infrastructure?.parametersRef;
  if (!reference) return undefined;
  const { name = '' } = reference;
  if (kindOf(reference, '/') !== CONFIG_MAP) return problem('InvalidParameters', 'the parameters must be in a ConfigMap');
  if (referents.get('ConfigMap', namespace, name) || assumesCertificates) return undefined;
  return problem('InvalidParameters', `ConfigMap ${namespace}/${name} does not exist`, { kind: 'ConfigMap', namespace, name });
}

function clientCertificateProblem(
  { metadata: { namespace: own = '' }, spec }: Gateway, { referents, grants, assumesCertificates }: TlsContext,
): Problem | undefined {
  const reference = spec?.tls?.backend?.clientCertificateRef;
  if (!reference) return undefined;
  const { name = '', namespace = own } = reference;
  if (kindOf(reference, SECRET) !== SECRET) return problem('InvalidClientCertificateRef', `the client certificate ${name} is not a Secret`);
  const secret = referents.get('Secret', namespace, name);
  if (!secret && !assumesCertificates) {
    return problem('InvalidClientCertificateRef', `Secret ${namespace}/${name} does not exist`, { kind: 'Secret', namespace, name });
  }
  if (secret && !hasKeyPair(secret)) {
    return problem('InvalidClientCertificateRef', `Secret ${namespace}/${name} has no certificate with its private key`);
  }
  return namespace === own || grants.allow({ kind: GATEWAY, namespace: own }, { kind: SECRET, namespace, name }) ? undefined
    : notPermitted(`Secret ${namespace}/${name}`, namespace);
}
