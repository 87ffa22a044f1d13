import { hasRoots } from './certificates';
import type { GeneratedDestinationRule } from './converted';
import { GENERATED, NO_TIME, PARENTS, generated } from './converted';
import type { Missing, Problem } from './problem';
import { problem } from './problem';
import { CONFIG_MAP, SERVICE, SERVICE_ENTRY, kindOf } from './references';
import type { Referents } from './referents';
import type { BackendTLSPolicyValidation, LocalPolicyTargetReferenceWithSectionName } from '../manifest/gateway-api-specs.generated';
import { addToGroup } from '../manifest/group-by';
import { serviceHost } from '../manifest/host-name';
import type { ClientTLSSettings, PortTrafficPolicy } from '../manifest/istio-specs.generated';
import { byAgeAndNamespace } from '../manifest/kubernetes-object';
import type { ManifestOf } from '../manifest/manifest';

type Policy = ManifestOf<'BackendTLSPolicy'>;

export interface PolicyContext {
  readonly referents: Referents;
  readonly clusterDomain: string;
  readonly assumesCertificates: boolean;
  /** Called with each target that a policy does not apply to, and with CA certificates that cannot be used. */
  readonly onPolicyProblem: (policy: Policy, path: readonly (string | number)[], why: Problem) => void;
}

/** A port of a target; undefined for all. */
interface Target {
  readonly kind: 'Service' | 'ServiceEntry';
  readonly name: string;
  readonly hosts: readonly string[];
  readonly port?: number;
}

/** A policy with one of its targets. */
interface Applied {
  readonly policy: Policy;
  readonly target: Target;
  readonly tls: ClientTLSSettings;
}

/** The DestinationRules that istiod makes of BackendTLSPolicies: one for each host of a target. Of two policies, the older one wins. */
export function backendPolicies(policies: readonly Policy[], context: PolicyContext): GeneratedDestinationRule[] {
  const heeded = policies.filter(({ metadata }) => metadata.annotations?.[IGNORED]?.toLowerCase() !== 'true').sort(byAgeAndNamespace);
  const taken = new Set<string>();
  const byHost = new Map<string, Applied[]>();
  for (const policy of heeded) {
    const tls = clientTls(policy, context);
    for (const [i, reference] of (policy.spec?.targetRefs ?? []).entries()) {
      const target = targetOf(policy, reference, context);
      const key = targetKey(policy, reference);
      const why = 'reason' in target ? target : taken.has(key) ? problem('Conflicted', 'an older policy has the same target') : undefined;
      if (why) context.onPolicyProblem(policy, ['spec', 'targetRefs', i], why);
      if ('reason' in target || why) continue;
      for (const host of target.hosts) {
        addToGroup(byHost, [target.kind, policy.metadata.namespace ?? '', target.name, host].join('/'), { policy, target, tls });
      }
    }
    for (const reference of policy.spec?.targetRefs ?? []) taken.add(targetKey(policy, reference));
  }
  return [...byHost].map(([key, applied]) => destinationRule(key.slice(key.lastIndexOf('/') + 1), applied));
}

const IGNORED = 'istio.io/ignore-policy-attachment';

function targetKey({ metadata }: Policy, { group, kind, name, sectionName }: LocalPolicyTargetReferenceWithSectionName): string {
  return JSON.stringify([metadata.namespace, group, kind, name, sectionName]);
}

function targetOf(
  policy: Policy, reference: LocalPolicyTargetReferenceWithSectionName, { referents, clusterDomain }: PolicyContext,
): Target | Problem {
  const { name = '', sectionName = '' } = reference;
  const { namespace = '' } = policy.metadata;
  const key = kindOf(reference, '/');
  const kind = key === SERVICE ? 'Service' : key === SERVICE_ENTRY ? 'ServiceEntry' : undefined;
  if (kind === undefined) return problem('TargetNotFound', `Istio takes no target of kind ${reference.kind ?? ''}`);
  const object = kind === 'Service' ? referents.get(kind, namespace, name) : referents.get(kind, namespace, name);
  if (!object) return problem('TargetNotFound', `${kind} ${namespace}/${name} does not exist`, { kind, namespace, name });
  const ports = portsOf(object);
  const port = sectionName === '' ? undefined : ports.find(each => each.name === sectionName)?.number;
  if (sectionName !== '' && port === undefined) return problem('TargetNotFound', `${kind} ${namespace}/${name} has no port '${sectionName}'`);
  const hosts = object.kind === 'Service' ? [serviceHost(name, namespace, clusterDomain)] : object.spec?.hosts ?? [];
  return { kind, name, hosts, ...port !== undefined && { port } };
}

interface NamedPort {
  readonly name?: string;
  readonly number?: number;
}

function portsOf(object: ManifestOf<'Service'> | ManifestOf<'ServiceEntry'>): readonly NamedPort[] {
  if (object.kind === 'ServiceEntry') return object.spec?.ports ?? [];
  return (object.spec?.ports ?? []).map(({ name, port: number }) => (
    { ...name !== undefined && { name }, ...number !== undefined && { number } }));
}

function clientTls(policy: Policy, context: PolicyContext): ClientTLSSettings {
  const { validation = {} } = policy.spec ?? {};
  const { hostname, subjectAltNames = [] } = validation;
  const names = subjectAltNames.map(({ type, hostname: host = '', uri = '' }) => (type === 'Hostname' ? host : uri));
  const credentialName = credentialOf(policy, validation, context);
  return {
    mode: 'SIMPLE',
    ...hostname && { sni: hostname },
    ...names.length > 0 && { subjectAltNames: names },
    ...credentialName !== undefined && { credentialName },
  };
}

/** The CA certificates. Those that cannot be used make every connection fail. Without any, those of the operating system count. */
function credentialOf(
  policy: Policy, { wellKnownCACertificates, caCertificateRefs = [] }: BackendTLSPolicyValidation, context: PolicyContext,
): string | undefined {
  if (wellKnownCACertificates !== undefined || caCertificateRefs.length === 0) return undefined;
  const { namespace = '' } = policy.metadata;
  const [{ name = '', ...reference }] = caCertificateRefs;
  const unusable = (message: string, missing?: Missing) => {
    context.onPolicyProblem(policy, ['spec', 'validation', 'caCertificateRefs', 0], problem('NoValidCACertificate', message, missing));
    return 'invalid://';
  };
  if (kindOf(reference, '/') !== CONFIG_MAP) return unusable('the CA certificates must be in a ConfigMap');
  const object = context.referents.get('ConfigMap', namespace, name);
  if (!object && !context.assumesCertificates) {
    return unusable(`ConfigMap ${namespace}/${name} does not exist`, { kind: 'ConfigMap', namespace, name });
  }
  if (object && !hasRoots(object)) return unusable(`ConfigMap ${namespace}/${name} has no CA certificate`);
  return `configmap://${namespace}/${name}`;
}

/** The policy for all ports and those for single ports; of each, the first. */
function destinationRule(host: string, applied: readonly Applied[]): GeneratedDestinationRule {
  const [{ policy: { metadata: { namespace } }, target }] = applied;
  const wide = applied.find(each => each.target.port === undefined);
  const byPort = new Map<number, PortTrafficPolicy>();
  for (const { target: { port }, tls } of applied) {
    if (port !== undefined && !byPort.has(port)) byPort.set(port, { port: { number: port }, tls });
  }
  const parents = applied.filter(each => each === wide || each.target.port !== undefined)
    .map(each => `BackendTLSPolicy/${each.policy.metadata.namespace ?? ''}.${each.policy.metadata.name}`);
  return generated('DestinationRule', {
    name: `${target.name}~${target.kind === 'ServiceEntry' ? `${host.replaceAll('.', '-')}~` : ''}${GENERATED}`,
    spec: {
      host,
      trafficPolicy: { ...wide && { tls: wide.tls }, ...byPort.size > 0 && { portLevelSettings: [...byPort.values()] } },
    },
    // istiod gives it no creation time, so that it is older than every other.
    from: { metadata: { ...namespace !== undefined && { namespace }, name: target.name, creationTimestamp: NO_TIME } },
    annotations: { [PARENTS]: [...new Set(parents)].join(',') },
  });
}
