import { enforcedAction, rulesOf } from '../../facts/access-rules';
import { podsOfPolicy } from '../../facts/policy-pods';
import { hasApplicationSidecar } from '../../facts/sidecar-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'remote-address-of-any-caller',
  codes: [],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  needs: ['Workload'],
  title: 'An ALLOW rule of a sidecar trusts an address that any caller can forge',
  effect: 'A sidecar reads the address of the caller from the end of x-forwarded-for. A caller that sends an allowed address there gets in.',
  check(object, report, index) {
    if (enforcedAction(object) !== 'ALLOW') return;
    const stated = rulesOf(object).flatMap(({ from = [], when = [] }, r) => {
      const isForCallers = when.some(({ key = '', values = [] }) => OF_CALLERS.has(key) && values.length > 0);
      const ofSources = from.flatMap(({ source = {} }, i) => (
        source.remoteIpBlocks?.length && !FIELDS.some(field => source[field]?.length) ? [`from[${i}].source.remoteIpBlocks`] : []));
      const ofConditions = from.some(({ source = {} }) => FIELDS.some(field => source[field]?.length)) ? []
        : when.flatMap(({ key, values = [] }, i) => (key === 'remote.ip' && values.length > 0 ? [`when[${i}].values`] : []));
      return isForCallers ? [] : [...ofSources, ...ofConditions].map(path => `spec.rules[${r}].${path}`);
    });
    if (stated.length === 0 || !podsOfPolicy(object, index).some(pod => hasApplicationSidecar(pod, index))) return;
    for (const path of stated) {
      report(path, 'a sidecar reads this address from x-forwarded-for, which the caller itself writes: any caller that sends one of '
        + 'these addresses gets in', 'add the principal of the gateway to the source, or apply the policy to the pods of the gateway');
    }
  },
});

/** What of a source a caller cannot choose. */
const FIELDS = ['principals', 'namespaces', 'serviceAccounts', 'ipBlocks', 'requestPrincipals'] as const;
const OF_CALLERS: ReadonlySet<string> = new Set([
  'source.principal', 'source.namespace', 'source.serviceAccount', 'source.ip', 'request.auth.principal',
]);
