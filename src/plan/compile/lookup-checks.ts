import type { EffectivePolicies } from './policies';
import { httpOptionFields, LOOKUP_REQUIREMENT, setsHttpOptions } from '../../traffic/per-request-lookup';
import type { ServiceModel } from '../model/service-model';

/** What gives a cluster HTTP options, and what verifies its host. */
interface LookupPolicy {
  readonly connectionPool?: Parameters<typeof httpOptionFields>[0];
  readonly tls?: { readonly mode: string; readonly credentialName?: string };
}

/** The ports whose clusters Envoy refuses because it looks up the host of each request and no TLS verifies it. */
export function lookupErrors({ path, facts }: ServiceModel, policies: EffectivePolicies): string[] {
  if (facts.lookups === undefined) return [];
  const { usesMeshTls } = facts.lookups;
  return facts.ports.flatMap(({ number: port, protocol }) => {
    const { connectionPool = {}, tls }: LookupPolicy = policies.effective({ port });
    if (tls === undefined ? usesMeshTls : tls.mode !== 'DISABLE' && !isSecret(tls)) return [];
    const repair = tls && tls.mode !== 'DISABLE'
      ? `tls of port ${port} uses the Secret '${tls.credentialName}', which sidecars do not get; use files or a ConfigMap`
      : protocol === 'TLS' ? 'omit it' : `call originateTls({ port: ${port} })`;
    if (setsHttpOptions(protocol)) return [`${path}: port ${port} is ${protocol}, which ${LOOKUP_REQUIREMENT}; ${repair}`];
    const [field] = httpOptionFields(connectionPool);
    if (field === undefined) return [];
    const stated = `connectionPool.${field}`;
    return [`${policies.pathOf({ port }, stated)}: ${stated} of port ${port} ${LOOKUP_REQUIREMENT}; ${repair}${protocol === 'TLS' || tls ? '' : ', or omit it'}`];
  });
}

/** Whether a credential is a Secret, for which istiod gives sidecars no TLS. */
function isSecret({ credentialName = '' }: { readonly credentialName?: string }): boolean {
  return credentialName !== '' && !credentialName.startsWith('configmap://');
}
