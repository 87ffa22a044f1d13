import { defaultsBehind } from '../../analysis/construct-paths';
import { parseClusterName } from '../../envoy/cluster-name';
import type { ProxyConfig } from '../../envoy/proxy-config';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { describeObject } from '../../manifest/kubernetes-object';
import { readValue } from '../../manifest/shape';
import type { Line } from '../line';
import { line, styled } from '../line';

const HOSTS = { spec: { host: 'string', hosts: ['string'] } } as const;

/** The defaults of the objects about the hosts of a configuration: who sets each one, and who replaces it. */
export function defaultLines({ clusters, routes }: ProxyConfig, objects: readonly KubernetesObject[]): Line[] {
  const domains = routes.flatMap(({ virtualHosts = [] }) => virtualHosts.flatMap(host => host.domains));
  const shown = new Set([...domains, ...clusters.flatMap(({ name }) => parseClusterName(name)?.host ?? [])]);
  const lines = objects.flatMap(object => {
    const defaults = defaultsBehind(object);
    const { host, hosts = [] } = defaults.length === 0 ? {} : readValue(HOSTS, object)?.spec ?? {};
    if (![...hosts, ...host === undefined ? [] : [host]].some(each => shown.has(each))) return [];
    return [`  ${describeObject(object)}`, ...defaults.map(({ field = '', by = '', replacedBy = [] }) =>
      line`     ${styled(field, 'dim')}: ${by}${replacedBy.length === 0 ? '' : `, replaced by ${replacedBy.join(', ')}`}`)];
  });
  return lines.length === 0 ? [] : [[styled('Defaults: the construct that sets each one, and what replaces it', 'bold')], ...lines];
}
