import type { AuthorizationPolicy } from '../../../envoy/access/authorization-policies';
import type { HTTPRoute } from '../../../manifest/istio-specs.generated';
import { describeObject } from '../../../manifest/kubernetes-object';
import { enforcedAction } from '../../facts/access-rules';
import { tlsSettingsOf } from '../../facts/client-tls';
import type { KnownCalls } from '../../facts/denied-calls';
import { deniesAll } from '../../facts/denied-calls';
import type { Destination } from '../../facts/destinations';
import { destinationsOf, isUnused } from '../../facts/destinations';
import type { Identity } from '../../facts/excluded-callers';
import { excludes, identityOf } from '../../facts/excluded-callers';
import { gatewaysOf, podsOf } from '../../facts/gateways';
import { hostAndWildcards } from '../../facts/host-lookup';
import { policiesByHost } from '../../facts/host-policies';
import { portsOfPods, proxyOf } from '../../facts/inbound-ports';
import type { Sender } from '../../facts/obeyed-routes';
import { isRouteFor } from '../../facts/obeyed-routes';
import { policiesOf } from '../../facts/policy-pods';
import { isService } from '../../facts/registry';
import { takesAllRequests } from '../../facts/sidecar-pods';
import { translatedMesh } from '../../facts/translated-mesh';
import type { VirtualService } from '../../facts/virtual-services';
import { routesIn } from '../../facts/virtual-services';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

export const rule = defineRule({
  id: 'gateway-not-allowed',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService'],
  needs: ['Gateway', 'Service', 'Workload'],
  title: 'The policies of a service do not allow the gateway that sends to it',
  effect: 'The sidecars of its pods answer every request that the gateway sends by this route with 403.',
  check(object, report, index) {
    const gateways = gatewayCallers(object, index);
    if (gateways.length === 0) return;
    for (const destination of destinationsOf(object, index)) {
      if (destination.mirror || isUnused(destination, object)) continue;
      const route = routesIn(object, destination.block)[destination.route];
      const callers = gateways.filter(caller => isRouteFor(object, route, caller, index));
      const pods = callers.length === 0 ? [] : calledPods(destination.host, index);
      if (pods.length === 0) continue;
      const { namespace, serviceAccount = 'NAME' } = identityOf(callers[0].pod);
      const principal = `${index.meshConfig.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
      const requests = requestsOf(object, destination, callers, index);
      const denials = pods.map(pod => denyingPolicies(pod, callers, requests, destination, index));
      if (denials.every(found => found.length > 0)) {
        const names = [...new Set(denials.flat().map(describeObject))];
        report(destination.path, `${names.join(' and ')} ${names.length === 1 ? 'denies' : 'deny'} all that the gateway sends here, `
          + `with the service account ${serviceAccount} in ${namespace}`,
        `exclude the gateway from the rule, such as with the notPrincipal ${principal}, or limit what the rule denies`);
        continue;
      }
      const policies = pods.map(pod => lockingPolicies(pod, callers.map(caller => caller.pod), index));
      if (!policies.every(found => found.length > 0)) continue;
      const names = [...new Set(policies.flat().map(describeObject))];
      report(destination.path, `${names.join(' and ')} ${names.length === 1 ? 'allows' : 'allow'} only other callers, `
        + `not the gateway's service account ${serviceAccount} in ${namespace}`,
      `add the principal ${principal} to a rule`, {
        absent: { kind: 'AuthorizationPolicy', namespaces: [pods[0].namespace] },
      });
    }
  },
});

/** Pods that serve a Gateway, as callers. */
interface GatewayCaller extends Sender {
  readonly pod: Workload;
}

/** The conditions of a route for the gateway, as a sidecar behind it sees them: one per alternative. */
function requestsOf(
  object: VirtualService, { block, route }: Destination, callers: readonly GatewayCaller[], index: TrafficIndex,
): readonly KnownCalls['request'][] {
  const stated = routesIn(object, block)[route];
  if (block !== 'http' || !stated.match?.length) return [undefined];
  const { rewrite, match } = stated as HTTPRoute;
  const own = (match ?? []).filter(each => callers.some(caller => isRouteFor(object, { match: [each] }, caller, index)));
  return own.map(({ uri, method, ignoreUriCase }) => ({ method, ...(!rewrite && !ignoreUriCase && { uri }) }));
}

/** The DENY policies of a pod that deny all that some gateways send; empty if they may let a request in. */
function denyingPolicies(
  pod: Workload,
  callers: readonly GatewayCaller[],
  requests: readonly KnownCalls['request'][],
  { host, port }: Destination,
  index: TrafficIndex,
): readonly AuthorizationPolicy[] {
  const denying = policiesOf(pod, index).filter(policy => enforcedAction(policy) === 'DENY');
  if (denying.length === 0) return [];
  const called = portsOfPods(pod, index).filter(({ number }) => port === undefined || number === port).map(({ target }) => target);
  const known = { ports: called.length > 0 ? called : undefined, trustDomains: knownTrustDomains(index) };
  const found = callers.flatMap(caller => {
    const identities = identitiesAt(pod, caller.pod, host, called, index);
    return requests.map(request => denying.find(policy => deniesAll(policy, { ...known, identities, request })));
  });
  return found.every(policy => policy !== undefined) ? found.flatMap(policy => policy ?? []) : [];
}

/** The identity that a gateway has at a pod: its own with mutual TLS, none in plaintext, and either if that is not known. */
function identitiesAt(
  pod: Workload, gateway: Workload, host: string, ports: readonly number[], index: TrafficIndex,
): readonly (Identity | undefined)[] {
  const { peerAuthentications } = translatedMesh(index);
  const { mode, byPort } = peerAuthentications.of(proxyOf(pod));
  const modes = new Set(ports.length > 0 ? ports.map(port => byPort.get(port) ?? mode) : [mode, ...byPort.values()]);
  const stated = hostAndWildcards(host).flatMap(name => policiesByHost(index).get(name) ?? []).flatMap(tlsSettingsOf);
  const isAutomatic = index.meshConfig.enableAutoMtls !== false && stated.every(({ tls }) => tls.mode === 'ISTIO_MUTUAL');
  if (modes.size === 1 && modes.has('DISABLE')) return [undefined];
  return isAutomatic && !modes.has('DISABLE') ? [identityOf(gateway)] : [identityOf(gateway), undefined];
}

/** The trust domains of the mesh, as far as the input tells. */
function knownTrustDomains(index: TrafficIndex): readonly string[] | undefined {
  const { trustDomain, trustDomainAliases = [] } = index.meshConfig;
  return index.has('MeshConfig') ? [trustDomain, ...trustDomainAliases, 'cluster.local'] : undefined;
}

/** The pods that serve the Gateways of a VirtualService. */
function gatewayCallers(object: VirtualService, index: TrafficIndex): readonly GatewayCaller[] {
  return gatewaysOf(object, index).flatMap(({ key, gateway }) => (gateway ? podsOf(gateway, index) : []).map(pod => (
    { pod, proxy: { type: 'gateway', namespace: pod.namespace, labels: pod.labels }, serves: new Set([key]) })));
}

/** The pods behind a host whose sidecars take all of its requests. */
function calledPods(host: string, index: TrafficIndex): readonly Workload[] {
  const services = index.registry.named(host).filter(isService);
  return services.flatMap(({ selector, namespace }) => (selector ? index.workloads.selectedBy(selector, namespace) : []))
    .filter(pod => takesAllRequests(pod, index));
}

/** The ALLOW policies of a pod, if none of them can match a gateway; empty if a gateway may call. */
function lockingPolicies(pod: Workload, gateways: readonly Workload[], index: TrafficIndex) {
  if (translatedMesh(index).authorizationPolicies.isEmpty) return [];
  const allowing = policiesOf(pod, index).filter(policy => enforcedAction(policy) === 'ALLOW');
  const domains = knownTrustDomains(index);
  return gateways.every(gateway => allowing.every(policy => excludes(policy, identityOf(gateway), domains))) ? allowing : [];
}
