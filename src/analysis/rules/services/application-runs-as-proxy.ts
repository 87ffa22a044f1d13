import { isOfKind } from '../../../manifest/manifest';
import { podTemplateOf } from '../../../manifest/pod-template';
import { isIstios } from '../../facts/istio-objects';
import { defineRule } from '../../rule';

/** The user of Istio's proxy, whose traffic the pod's rules leave alone. */
const PROXY_USER = 1337;
const PROXIES: readonly (string | undefined)[] = ['istio-proxy', 'istio-operator'];

export const rule = defineRule({
  id: 'application-runs-as-proxy',
  codes: ['IST0144'],
  severity: 'warning',
  subjects: ['Pod', 'Deployment'],
  title: 'An application runs as the proxy\'s own user, 1337',
  effect: 'The application\'s traffic bypasses the proxy, as the proxy\'s own traffic does.',
  check(object, report) {
    if (isIstios(object)) return;
    const prefix = isOfKind(object, 'Pod') ? 'spec' : 'spec.template.spec';
    const { securityContext, containers = [] } = podTemplateOf(object)?.spec ?? {};
    const container = containers.findIndex(({ name, securityContext: own }) => !PROXIES.includes(name) && own?.runAsUser === PROXY_USER);
    if (securityContext?.runAsUser !== PROXY_USER && container < 0) return;
    report(securityContext?.runAsUser === PROXY_USER
      ? `${prefix}.securityContext.runAsUser`
      : `${prefix}.containers[${container}].securityContext.runAsUser`,
    'traffic of user 1337 never goes through the proxy, so no route or policy applies to this application', 'run it as another user');
  },
});
