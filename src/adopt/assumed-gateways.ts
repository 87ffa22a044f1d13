import { boundGateways, gatewayKey } from './unit';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Manifest } from '../manifest/manifest';
import { manifestsOf } from '../manifest/manifest';

/**
 * Gateways that VirtualServices name and the input lacks. Without them, no class of proxies would have the routes of these VirtualServices,
 * and any two of them would be the same. Each serves every host with HTTP on port 80.
 */
export function assumedGateways(manifests: readonly Manifest[]): readonly KubernetesObject[] {
  const known = new Set(manifestsOf(manifests, 'Gateway').map(gatewayKey));
  const lacking = new Set(manifestsOf(manifests, 'VirtualService').flatMap(boundGateways).filter(each => !known.has(each)));
  return [...lacking].map(each => {
    const [namespace, name] = each.split('/');
    const servers = [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*/*'] }];
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name, namespace },
      spec: { selector: { 'assumed-gateway': each.replace('/', '.') }, servers },
    };
  });
}
