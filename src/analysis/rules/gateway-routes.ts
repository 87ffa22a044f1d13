import { groupBy } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { selects } from '../../manifest/labels';
import { delegationsTo, isDelegate } from '../delegations';
import type { Fields } from '../fields';
import { entries, items, labelsOf, texts } from '../fields';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** Why a condition is never met at some Gateways, if so. */
function neverMet(index: TrafficIndex, gateways: readonly KubernetesObject[], match: Fields): readonly [string, string] | undefined {
  const labels = labelsOf(match.sourceLabels);
  if (Object.keys(labels).length > 0) {
    const pods = gateways.flatMap(gateway => index.workloads.selectedBy(index.selectorOf(gateway)));
    const met = pods.length > 0 ? pods.some(pod => selects(labels, pod.labels)) : gateways.some(gateway => (
      Object.entries(index.selectorOf(gateway)).every(([name, value]) => labels[name] === undefined || labels[name] === value)));
    if (!met) return ['sourceLabels', 'a gateway compares them with the labels of its own pods, not of who calls, and they have others'];
  }
  if (typeof match.sourceNamespace === 'string' && match.sourceNamespace !== '') {
    const namespaces = gateways.map(gateway => index.gatewayNamespaces(gateway));
    if (namespaces.every(known => known && !known.includes(match.sourceNamespace))) return ['sourceNamespace', `a gateway compares it with its own namespace, ${namespaces.flat().join(', ')}, not with that of who calls`];
  }
  if (match.port !== undefined) {
    const ports = gateways.flatMap(gateway => items(gateway.spec?.servers).map(server => Number(server.port?.number)));
    if (!ports.includes(Number(match.port))) return ['port', `the Gateway has no server at port ${match.port} (it has ${ports.join(', ')})`];
  }
  return undefined;
}

const conditionNeverMet: TrafficRule = {
  id: 'gateway-condition-never-met',
  codes: [],
  severity: 'warning',
  title: 'A match for a Gateway has a condition that no gateway meets',
  check(index, report) {
    for (const object of index.of('VirtualService')) {
      // What a delegate states is for the Gateways of its roots.
      const bound = isDelegate(object) ? [...new Set(delegationsTo(index, object).map(({ root }) => root))] : [object];
      if (bound.some(one => index.isForMesh(one))) continue;
      const gateways = [...new Set(bound.flatMap(one => index.gatewaysOf(one)).flatMap(({ gateway }) => (gateway ? [gateway] : [])))];
      if (gateways.length === 0) continue;
      for (const block of ['http', 'tls', 'tcp']) {
        items(object.spec?.[block]).forEach((rule, r) => items(rule.match).forEach((match, m) => {
          const [field, reason] = neverMet(index, gateways, match) ?? [];
          if (field === undefined) return;
          report(object, `spec.${block}[${r}].match[${m}].${field}`, `${reason}: this match takes nothing`, 'tell callers apart by a header or by the host, or write the rule into a VirtualService of the mesh');
        }));
      }
    }
  },
};

/** Whether a match list leaves a rule to some Gateway: it names one, or none and the VirtualService is bound to one. */
function isForGateway(object: KubernetesObject, rule: Fields): boolean {
  if (texts(object.spec?.gateways).every(name => name === 'mesh')) return false;
  const matches = items(rule.match);
  return matches.length === 0 || matches.some(({ gateways }) => texts(gateways).length === 0 || texts(gateways).some(name => name !== 'mesh'));
}

/** The hosts of a VirtualService that it splits into subsets itself, and whether a gateway obeys that. */
function splitHosts(index: TrafficIndex, object: KubernetesObject) {
  const own = new Set(texts(object.spec?.hosts).map(host => index.fullHost(host, index.namespaceOf(object))));
  const rules = items(object.spec?.http);
  const split = index.destinationsOf(object).filter(({ block, mirror, subset, host }) => (
    block === 'http' && !mirror && subset !== undefined && own.has(host)));
  return [...groupBy(split, ({ host }) => host)].map(([host, found]) => (
    { host, object, atGateway: found.some(({ rule }) => isForGateway(object, rules[rule])) }));
}

const ingressIgnoresMeshRules: TrafficRule = {
  id: 'ingress-ignores-mesh-rules',
  codes: ['IST0140'],
  severity: 'warning',
  title: 'A Gateway\'s route goes to a host whose subset rules stand in another VirtualService',
  check(index, report) {
    const byHost = groupBy(index.of('VirtualService').flatMap(object => splitHosts(index, object)), ({ host }) => host);
    for (const object of index.of('VirtualService')) {
      const rules = items(object.spec?.http);
      for (const { block, rule, mirror, host, subset, path, written } of index.destinationsOf(object)) {
        if (block !== 'http' || mirror || subset !== undefined || !isForGateway(object, rules[rule])) continue;
        for (const { object: other, atGateway } of byHost.get(host) ?? []) {
          // Its own rules for the subsets are obeyed beside this one.
          if (other === object && atGateway) continue;
          report(object, path, `VirtualService ${index.nameOf(other)} splits '${written}' into subsets, and a gateway obeys the VirtualService of the host that is called from outside alone: what comes in here is spread over all pods of '${written}'`,
            'route to the subsets here too, or state the rules of the other VirtualService in this one');
        }
      }
    }
  },
};

const CLAIM = /^@request\.auth\.claims[.[]/;

function claimOf(object: KubernetesObject): string | undefined {
  for (const rule of items(object.spec?.http)) {
    for (const match of items(rule.match)) {
      const name = [...entries(match.headers), ...entries(match.withoutHeaders)].map(([key]) => key).find(key => CLAIM.test(key));
      if (name !== undefined) return name;
    }
  }
  return undefined;
}

const claimsWithoutAuthentication: TrafficRule = {
  id: 'claims-without-request-authentication',
  codes: ['IST0149'],
  severity: 'error',
  needs: ['Workload'],
  title: 'A route asks for claims of a token that no RequestAuthentication reads',
  check(index, report) {
    const { rootNamespace } = index.meshConfig;
    const byNamespace = groupBy(index.of('RequestAuthentication'), object => index.namespaceOf(object));
    const reads = (namespace: string, labels: { readonly [name: string]: string }) => (
      (byNamespace.get(namespace) ?? []).some(({ spec }) => selects(labelsOf(spec?.selector?.matchLabels), labels)));
    for (const object of index.of('VirtualService')) {
      const claim = claimOf(object);
      if (claim === undefined) continue;
      for (const { gateway, key, path } of index.gatewaysOf(object)) {
        const pods = gateway ? index.workloads.selectedBy(index.selectorOf(gateway)) : [];
        for (const pod of pods) {
          if (reads(rootNamespace, pod.labels) || reads(pod.namespace, pod.labels)) continue;
          report(object, path, `'${claim}' is a claim of a token, and no RequestAuthentication reads tokens at the pods of Gateway '${key}' (${index.nameOf(pod.object)}): the match takes nothing`,
            `add a RequestAuthentication for these pods in '${pod.namespace}'`);
        }
      }
    }
  },
};

const hiddenFromGateway: TrafficRule = {
  id: 'virtual-service-hidden-from-gateway',
  codes: [],
  severity: 'warning',
  needs: ['Workload'],
  title: 'A VirtualService is kept from the namespace in which its gateway runs',
  check(index, report) {
    for (const object of index.of('VirtualService')) {
      const visible = index.visibilityOf(object);
      if (visible === 'all') continue;
      for (const { gateway, written } of index.gatewaysOf(object)) {
        const namespaces = gateway && index.gatewayNamespaces(gateway);
        if (!gateway || !namespaces || namespaces.some(namespace => visible.has(namespace))) continue;
        report(object, 'spec.exportTo', `the pods of Gateway '${written}' run in ${namespaces.map(name => `'${name}'`).join(', ')}, to which this VirtualService is not exported: its routes are not served there`,
          `add '${namespaces[0]}' to exportTo`);
      }
    }
  },
};

/** Rules about routes that Gateways serve. */
export const GATEWAY_ROUTE_RULES: readonly TrafficRule[] = [
  conditionNeverMet, ingressIgnoresMeshRules, claimsWithoutAuthentication, hiddenFromGateway,
];
