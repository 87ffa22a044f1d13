import { isWildcard } from '../../../manifest/host-name';
import { wildcardsOver } from '../../facts/host-lookup';
import { hostPolicies, hostPolicyOf } from '../../facts/host-policies';
import { scopesOf } from '../../facts/visibility';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The wildcards over registered hosts, where any DestinationRule is for a wildcard. */
function knownWildcards(index: TrafficIndex): ReadonlySet<string> {
  const isAsked = hostPolicies(index).some(({ host }) => isWildcard(host));
  return new Set(isAsked ? index.registry.hosts.flatMap(({ host }) => wildcardsOver(host)) : []);
}

export const rule = defineRule({
  id: 'unknown-destination-rule-host',
  codes: ['IST0174', 'KIA0202'],
  severity: 'warning',
  subjects: ['DestinationRule'],
  needs: ['Service'],
  title: 'A DestinationRule is for a host that no Service or ServiceEntry has',
  effect: 'No cluster has the policy.',
  check(object, report, index) {
    const policy = hostPolicyOf(object, index);
    if (!policy) return;
    const { host, namespace } = policy;
    // A wildcard is known if it contains a known host.
    if (index.isApiServer(host) || (isWildcard(host) && index.memo(knownWildcards).has(host))
      || index.registry.find(host, scopesOf(object, index))) {
      return;
    }
    const written = object.spec?.host ?? '';
    const [name, other] = written.split('.');
    const meant = other === undefined ? undefined : index.registry.named(index.fullHost(name, other))[0];
    const lookUp = written.includes('.') ? '' : ` (Istio looks up a short name in the namespace of the DestinationRule, '${namespace}')`;
    report('spec.host', `no Service or ServiceEntry has the host '${host}', so this DestinationRule has no effect`,
      meant ? `write the full name, '${meant.host}': Istio completes only names without a dot`
        : `correct the name${lookUp}, or add the Service or ServiceEntry`,
      isWildcard(host) || index.registry.named(host).length > 0 || meant ? {} : { absent: { kind: 'host', host } });
  },
});
