import { acceptedTrustDomains } from '../../../envoy/inbound/inbound-tls';
import { attributesOf } from '../../facts/access-values';
import { defineRule } from '../../rule';
import { quotedList } from '../../words';

export const rule = defineRule({
  id: 'foreign-trust-domain',
  codes: ['KIA0108'],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  needs: ['MeshConfig'],
  title: 'A rule names callers of a trust domain that the mesh does not accept',
  effect: 'Sidecars refuse the handshake of a caller from another trust domain. No call meets the condition.',
  example: { meshConfig: { trustDomain: 'shop.example' }, words: 'a mesh with the trust domain shop.example' },
  check(object, report, { meshConfig }) {
    const accepted = acceptedTrustDomains(meshConfig);
    for (const { key, values, path } of attributesOf(object)) {
      const read = READERS[key];
      values.forEach((value, i) => {
        const domain = read?.(value);
        if (domain === undefined || accepted.includes(domain)) return;
        report(`${path}[${i}]`, `the mesh accepts only callers from trust domain ${quotedList(accepted)}, so no caller matches '${value}'`,
          `write '${meshConfig.trustDomain}', or add '${domain}' to trustDomainAliases of MeshConfig`);
      });
    }
  },
});

type Reader = (value: string) => string | undefined;

/** The trust domain of a principal in full. Istio takes cluster.local there for the mesh's own. */
const ofPrincipal: Reader = value => {
  const [domain, ...rest] = value.split('/');
  return rest.length === 4 && !domain.includes('*') && domain !== 'cluster.local' ? domain : undefined;
};

const ofDomain: Reader = value => (value.includes('*') ? undefined : value);

const READERS: { readonly [key: string]: Reader | undefined } = {
  'principals': ofPrincipal, 'source.principal': ofPrincipal, 'trustDomains': ofDomain, 'source.trustDomain': ofDomain,
};
