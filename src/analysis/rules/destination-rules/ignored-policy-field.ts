import { isTcp } from '../../../envoy/protocol';
import type { ClientTLSSettings, LoadBalancerSettings } from '../../../manifest/istio-specs.generated';
import { policyLevels } from '../../facts/policy-levels';
import { defineRule } from '../../rule';

/** A field of a policy that istiod or Envoy ignores. */
interface Ignored {
  readonly field: string;
  readonly why: string;
  readonly repair: string;
}

export const rule = defineRule({
  id: 'ignored-policy-field',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'A field of a policy has no effect beside the others',
  effect: 'Istio accepts the field and leaves it out of Envoy\'s configuration, or Envoy ignores it.',
  check(object, report, index) {
    for (const { stated: { host }, policy, path } of policyLevels(object, index)) {
      const { tls, loadBalancer } = policy;
      const known = index.registry.named(host);
      const isTcpAlone = known.length > 0 && known.every(({ ports }) => ports.length > 0 && ports.every(({ protocol }) => isTcp(protocol)));
      const found = [...tls ? tlsFields(tls) : [], ...loadBalancer ? balancerFields(loadBalancer, isTcpAlone) : []];
      for (const { field, why, repair } of found) {
        report(`${path}.${field}`, why, repair);
      }
    }
  },
});

const OF_TLS = [
  'clientCertificate', 'privateKey', 'caCertificates', 'caCrl', 'credentialName', 'subjectAltNames', 'sni', 'insecureSkipVerify',
] as const satisfies readonly (keyof ClientTLSSettings)[];
type TlsField = typeof OF_TLS[number];

/** The fields that istiod reads in a mode. MUTUAL reads all. */
const READ_BY: { readonly [mode: string]: readonly TlsField[] } = {
  DISABLE: [],
  SIMPLE: ['caCertificates', 'caCrl', 'credentialName', 'subjectAltNames', 'sni', 'insecureSkipVerify'],
  ISTIO_MUTUAL: ['subjectAltNames', 'sni'],
};

function tlsFields(tls: ClientTLSSettings): Ignored[] {
  const { mode = 'DISABLE' } = tls;
  const read: readonly TlsField[] | undefined = READ_BY[mode];
  if (!read) return [];
  const isSet = (field: TlsField) => tls[field] !== undefined && tls[field] !== '' && tls[field] !== false;
  return OF_TLS.filter(field => isSet(field) && !read.includes(field)).map(field => ({
    field: `tls.${field}`,
    why: mode === 'DISABLE' ? `${tls.mode ? 'mode DISABLE' : 'tls without a mode'} means plaintext, so \`${field}\` has no effect`
      : `mode ${mode} does not read \`${field}\``,
    repair: mode === 'DISABLE' ? 'set mode: SIMPLE or MUTUAL for TLS, or remove the field'
      : mode === 'SIMPLE' ? 'set mode: MUTUAL to show a certificate, or remove the field'
        : 'remove it: the proxy uses the certificates of the mesh',
  }));
}

/** Istio's load balancers in which new endpoints warm up. */
const WARMING: readonly unknown[] = [undefined, 'UNSPECIFIED', 'LEAST_CONN', 'LEAST_REQUEST', 'ROUND_ROBIN'];
const OF_REQUESTS = ['httpHeaderName', 'httpCookie', 'httpQueryParameterName'] as const;
const OF_LOCALITY = ['distribute', 'failover', 'failoverPriority'] as const;

function balancerFields(loadBalancer: LoadBalancerSettings, isTcpAlone: boolean): Ignored[] {
  const { simple, consistentHash, warmup, warmupDurationSecs, localityLbSetting } = loadBalancer;
  const found: Ignored[] = [];
  const warming = Object.entries({ warmup, warmupDurationSecs }).filter(([, value]) => value !== undefined).map(([field]) => field);
  if (consistentHash || !WARMING.includes(simple)) {
    const balancer = consistentHash ? 'consistentHash' : `${simple}`;
    found.push(...warming.map(field => ({
      field: `loadBalancer.${field}`,
      why: `endpoints warm up with LEAST_REQUEST and ROUND_ROBIN alone, so \`${field}\` has no effect with ${balancer}`,
      repair: 'use one of these, or remove the field',
    })));
  } else if (warming.length > 1) {
    const why = 'Istio reads `warmup` in place of `warmupDurationSecs`';
    found.push({ field: 'loadBalancer.warmupDurationSecs', why, repair: 'remove warmupDurationSecs' });
  }
  if (isTcpAlone) {
    found.push(...OF_REQUESTS.filter(field => consistentHash?.[field] !== undefined).map(field => ({
      field: `loadBalancer.consistentHash.${field}`,
      why: `the host has TCP ports alone, whose connections have no \`${field}\`: Envoy picks endpoints at random`,
      repair: 'use useSourceIp, or name the ports http',
    })));
  }
  if (localityLbSetting?.enabled === false) {
    found.push(...OF_LOCALITY.filter(field => (localityLbSetting[field] ?? []).length > 0).map(field => ({
      field: `loadBalancer.localityLbSetting.${field}`,
      why: `enabled: false turns locality load balancing off, so \`${field}\` has no effect`,
      repair: 'remove enabled, or the field',
    })));
  }
  return found;
}
