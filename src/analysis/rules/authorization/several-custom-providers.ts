import { describeObject } from '../../../manifest/kubernetes-object';
import { enforcedAction } from '../../facts/access-rules';
import { podsOfPolicy, policiesOf } from '../../facts/policy-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'several-custom-providers',
  codes: [],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  title: 'CUSTOM policies ask different providers for the same pods',
  effect: 'Unless istiod sets PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS, it accepts one provider for each pod: Envoy denies the requests that the '
    + 'rules of the policies name with 403, and asks no external authorizer.',
  check(object, report, index) {
    const name = object.spec?.provider?.name ?? '';
    if (enforcedAction(object) !== 'CUSTOM' || name === '') return;
    for (const pod of podsOfPolicy(object, index)) {
      const other = policiesOf(pod, index).find(policy => enforcedAction(policy) === 'CUSTOM' && (policy.spec?.provider?.name ?? name) !== name);
      if (!other) continue;
      report('spec.provider.name', `${describeObject(other)} asks '${other.spec?.provider?.name}' for the same pods: unless istiod sets `
        + 'PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS, Envoy denies every request that the rules of both name', 'use one provider');
      return;
    }
  },
});
