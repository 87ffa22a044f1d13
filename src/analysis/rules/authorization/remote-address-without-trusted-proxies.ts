import { enforcedAction } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { gatewayPods } from '../../facts/gateways';
import { podsOfPolicy } from '../../facts/policy-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'remote-address-without-trusted-proxies',
  codes: [],
  severity: 'info',
  subjects: ['AuthorizationPolicy'],
  needs: ['MeshConfig', 'Gateway', 'Workload'],
  title: 'A rule of a gateway compares the address that trusted proxies report, but the gateway trusts none',
  effect: 'The gateway ignores x-forwarded-for, and compares the address of the connection: behind a load balancer, that of the load balancer.',
  example: { meshConfig: { defaultConfig: { gatewayTopology: { numTrustedProxies: 0 } } }, words: 'a MeshConfig without trusted proxies' },
  check(object, report, index) {
    const { numTrustedProxies = 0 } = index.meshConfig.defaultConfig.gatewayTopology ?? {};
    if (numTrustedProxies > 0 || enforcedAction(object) === undefined) return;
    const asked = attributesOf(object).filter(({ key }) => key === 'remoteIpBlocks' || key === 'remote.ip');
    if (asked.length === 0) return;
    const gateways = podsOfPolicy(object, index).filter(pod => gatewayPods(index).has(pod));
    if (gateways.length === 0 || gateways.some(({ annotations }) => annotations['proxy.istio.io/config'] !== undefined)) return;
    for (const { key, values, path, notPath } of asked) {
      report(values.length > 0 ? path : notPath, `the gateway trusts no proxy, so '${key}' compares the address of the connection, as '`
        + `${key === 'remote.ip' ? 'source.ip' : 'ipBlocks'}' does`,
      'set gatewayTopology.numTrustedProxies in defaultConfig of MeshConfig to the number of proxies in front of it, or use '
        + `${key === 'remote.ip' ? 'source.ip' : 'ipBlocks'} if there are none`);
    }
  },
});
