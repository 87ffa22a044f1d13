/** One line of the translator that is wrong: a text that stands once in a file below src/, and what replaces it. */
export interface Mutation {
  readonly wrong: string;
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
}

/** Mistakes that the fuzzer has to notice. */
export const MUTATIONS: readonly Mutation[] = [
  { wrong: 'a VirtualService of the namespace alone comes after the public ones', file: 'envoy/virtual-services.ts', text: '[...this.private.get(key) ?? [], ...this.exported.get(key) ?? [], ...this.public.get(gateway) ?? []]', replacement: '[...this.public.get(gateway) ?? [], ...this.exported.get(key) ?? [], ...this.private.get(key) ?? []]' },
  { wrong: 'younger objects come first', file: 'manifest/kubernetes-object.ts', text: 'return age(a) - age(b) ||', replacement: 'return age(b) - age(a) ||' },
  { wrong: 'the shortest wildcard wins', file: 'manifest/host-name.ts', text: '.sort((a, b) => b - a)', replacement: '.sort((a, b) => a - b)' },
  { wrong: 'a short name is a service of the namespace default', file: 'manifest/host-name.ts', text: 'host : serviceHost(host, namespace, clusterDomain)', replacement: 'host : serviceHost(host, \'default\', clusterDomain)' },
  { wrong: 'a missing delegate leaves its root rule', file: 'envoy/delegates.ts', text: '      return [];\n    }\n    return delegate', replacement: '      return [rule];\n    }\n    return delegate' },
  { wrong: 'a delegate takes nothing from its root', file: 'envoy/delegates.ts', text: 'spec[field] ??= root.spec[field]', replacement: 'spec[field] ??= undefined' },
  { wrong: 'a delegate may widen the prefix of its root', file: 'envoy/delegate-matches.ts', text: '!text.startsWith(root.prefix)', replacement: 'false' },
  { wrong: 'labels of the caller are not looked at', file: 'envoy/match-place.ts', text: 'selects(value, labels)', replacement: 'selects({}, labels)' },
  { wrong: 'the namespace of the caller is not looked at', file: 'envoy/match-place.ts', text: 'value === namespace', replacement: 'namespace !== \'\'' },
  { wrong: 'the port of a match is not looked at', file: 'envoy/match-place.ts', text: 'Number(value) === port', replacement: 'port > 0' },
  { wrong: 'routes go on behind one that takes every request', file: 'envoy/routes/virtual-service-routes.ts', text: 'if (isCatchAll(route)) return routes;', replacement: '' },
  { wrong: 'retries of 0 attempts count as not stated', file: 'envoy/routes/retry-policy.ts', text: 'if (retries !== undefined && !(Number(retries.attempts) > 0)) return undefined;', replacement: '' },
  { wrong: 'a hashed route retries elsewhere', file: 'envoy/routes/retry-policy.ts', text: 'retries?.retryIgnorePreviousHosts ?? !isHashed', replacement: 'retries?.retryIgnorePreviousHosts ?? true' },
  { wrong: 'status codes need no condition', file: 'envoy/routes/retry-policy.ts', text: '`${conditions},retriable-status-codes`', replacement: 'conditions' },
  { wrong: 'a mirror of 0 % mirrors', file: 'envoy/routes/route-action.ts', text: 'return percentage.value > 0 ? fraction(percentage) : undefined', replacement: 'return fraction(percentage)' },
  { wrong: 'a destination of weight 0 is sent', file: 'envoy/routes/route-action.ts', text: 'destinations.filter(({ weight }) => weight)', replacement: 'destinations' },
  { wrong: 'a header that is set is added', file: 'envoy/routes/header-operations.ts', text: '...added(request?.set, \'OVERWRITE_IF_EXISTS_OR_ADD\')', replacement: '...added(request?.set)' },
  { wrong: 'a redirect names the port that its scheme means', file: 'envoy/routes/responses.ts', text: '[\'http\', \'https\'].includes(scheme || \'http\') ? undefined', replacement: '[\'http\', \'https\'].includes(scheme || \'http\') ? stated' },
  { wrong: 'percentages are whole', file: 'envoy/routes/fault.ts', text: 'Math.trunc(value * 10000)', replacement: 'Math.trunc(value) * 10000' },
  { wrong: 'a host that is no service has virtual hosts on every port', file: 'envoy/routes/sidecar-routes.ts', text: 'if (byPort.size === 0 && listenPort === 80) byPort.set(80, [])', replacement: 'if (byPort.size === 0) byPort.set(listenPort, [])' },
  { wrong: 'a wildcard takes services that a more specific host owns', file: 'envoy/routes/sidecar-routes.ts', text: 'overlapping.filter(({ service }) => owners.get(service.host) === vs)', replacement: 'overlapping' },
  { wrong: 'the name alone is known in every namespace', file: 'envoy/routes/domains.ts', text: 'host.slice(dot + 1, svc) === namespace ?', replacement: 'host.slice(dot + 1, svc) !== \'\' ?' },
  { wrong: 'unknown hosts pass where only the registry is open', file: 'envoy/routes/sidecar-routes.ts', text: 'mode === \'ALLOW_ANY\'', replacement: 'mode !== \'\'' },
  { wrong: 'a Sidecar with an empty policy leaves everything open', file: 'envoy/proxy-scope.ts', text: '{ mode: \'REGISTRY_ONLY\', ...policy }', replacement: '{ mode: \'ALLOW_ANY\', ...policy }' },
  { wrong: 'destinations of VirtualServices bring no cluster', file: 'envoy/proxy-scope.ts', text: 'if (narrowed) services.add(narrowed)', replacement: 'if (narrowed && !narrowed.host) services.add(narrowed)' },
  { wrong: 'the Sidecar of the root namespace is for it alone', file: 'envoy/sidecars.ts', text: 'return own ?? this.root', replacement: 'return own' },
  { wrong: 'what a Sidecar leaves out with ~ stays', file: 'envoy/sidecar-egress.ts', text: 'if (excluded) found.excluded.push(host)', replacement: 'if (excluded) found.exact.delete(host)' },
  { wrong: 'the narrower DestinationRule of the callers\' namespace is not preferred', file: 'envoy/destination-rules.ts', text: 'if (own) return own.value;', replacement: '' },
  { wrong: 'a rule for other namespaces is used by all', file: 'envoy/destination-rules.ts', text: 'exportTo.size === 0 || exportTo.has(\'*\') || exportTo.has(namespace)', replacement: 'exportTo.size === 0 || exportTo.has(\'*\') || namespace !== \'\'' },
  { wrong: 'a port\'s entry only adds to the policy', file: 'envoy/traffic-policy.ts', text: 'return portEntry(policy, port) ?? policy', replacement: 'return policy && { ...policy, ...portEntry(policy, port) }' },
  { wrong: 'a subset keeps the pool of the whole', file: 'envoy/traffic-policy.ts', text: 'connectionPool ?? ofPort.connectionPool', replacement: 'ofPort.connectionPool ?? connectionPool' },
  { wrong: 'pending and active requests have one limit', file: 'envoy/clusters/connection-pool.ts', text: 'limit(http?.http2MaxRequests)', replacement: 'limit(http?.http1MaxPendingRequests)' },
  { wrong: 'ejection that is switched off goes on', file: 'envoy/clusters/outlier-detection.ts', text: 'return errors > 0 ? 100 : 0', replacement: 'return 100' },
  { wrong: 'a Gateway selects in its own namespace', file: 'envoy/gateways/merged-gateways.ts', text: 'hasLabels(proxy, spec?.selector))', replacement: 'hasLabels(proxy, spec?.selector) && proxy.namespace === \'shop\')' },
  { wrong: 'a TLS server whose host is taken stays', file: 'envoy/gateways/merged-gateways.ts', text: 'if (taken.length > 0) {', replacement: 'if (taken.length > hosts.size) {' },
  { wrong: 'a gateway listens on the ports that Gateways state', file: 'envoy/gateways/merged-gateways.ts', text: 'targets.get(server.port) ?? server.port', replacement: 'server.port' },
  { wrong: 'routes for every request stay where their VirtualService has them', file: 'envoy/gateways/gateway-routes.ts', text: '[...routes.filter(route => !isCatchAll(route)), ...routes.filter(isCatchAll)]', replacement: '[...routes]' },
  { wrong: 'a gateway\'s hosts are open to every namespace', file: 'manifest/host-name.ts', text: '[namespace, \'*\'].includes(host.slice(0, slash)) ?', replacement: '[namespace, host.slice(0, slash)].includes(host.slice(0, slash)) ?' },
  { wrong: 'TCP routes behind one for every address count', file: 'envoy/listeners/connection-chains.ts', text: 'return [...chains, { subnets, filters: routeFilters(route, vs, port), metadata: metadataOf(vs) }];', replacement: 'chains.push({ subnets, filters: routeFilters(route, vs, port), metadata: metadataOf(vs) });' },
  { wrong: 'an access log says the same of servers and clients', file: 'envoy/telemetry/access-logs.ts', text: '[\'CLIENT\', \'CLIENT_AND_SERVER\'].includes(', replacement: '[\'CLIENT\', \'SERVER\', \'CLIENT_AND_SERVER\'].includes(' },
];
