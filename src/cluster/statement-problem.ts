import type { ClusterFactsFields, PortFact, ServiceFact } from './facts-fields';
import { serviceNamed } from './facts-objects';
import { unknownMeshConfigField } from './mesh-config-field';
import { nameProblem } from './name-problem';
import { istioVersion as versionNamed, KNOWN_VERSIONS } from '../envoy/istio-versions';
import { meshConfigProblem } from '../envoy/mesh-config';
import { parseProtocol } from '../envoy/protocol';
import type { ValueProblem } from '../manifest/value-problem';

/** What is wrong with facts whose fields have their types. */
export function statementProblem(facts: ClusterFactsFields): ValueProblem | undefined {
  const { istioVersion, meshConfig, rootNamespace, gateways = [], services = [], clusterDomain = 'cluster.local' } = facts;
  if (istioVersion !== undefined && !versionNamed(istioVersion)) {
    return { path: ['istioVersion'], message: `is '${istioVersion}'; use one of ${KNOWN_VERSIONS}` };
  }
  const ofMesh = meshConfig && meshConfigProblem(meshConfig);
  if (ofMesh !== undefined) return { path: ['meshConfig'], message: `has a field that istiod refuses: ${ofMesh}` };
  const unknown = meshConfig && unknownMeshConfigField(meshConfig);
  if (unknown !== undefined) return unknown;
  const { rootNamespace: other } = meshConfig ?? {};
  if (rootNamespace !== undefined && other !== undefined && other !== rootNamespace) {
    return {
      path: ['rootNamespace'],
      message: `is '${rootNamespace}', and meshConfig.rootNamespace is '${String(other)}'; remove one of them`,
    };
  }
  const ofNames = nameProblem(facts);
  if (ofNames) return ofNames;
  const twice = twiceProblem(facts, clusterDomain);
  if (twice) return twice;
  for (const [g, { ports = [] }] of gateways.entries()) {
    const problem = portsProblem(ports, ['gateways', g, 'ports']);
    if (problem) return problem;
  }
  for (const [s, service] of services.entries()) {
    const problem = serviceProblem(service, ['services', s], clusterDomain) ?? portsProblem(service.ports, ['services', s, 'ports']);
    if (problem) return problem;
  }
  return undefined;
}

/** The problem of an object that is listed twice, of which only one would count. */
function twiceProblem(
  { namespaces = [], gateways = [], services = [] }: ClusterFactsFields, clusterDomain: string,
): ValueProblem | undefined {
  const ofNamespaces = namespaces.map(each => (typeof each === 'string' ? each : each.name));
  const ofGateways = gateways.map(({ name, namespace }) => `${namespace}/${name}`);
  const ofServices = services.map(service => {
    const named = serviceNamed(service, clusterDomain);
    // Several ServiceEntries may register a host.
    return named && `${named.namespace}/${named.name}`;
  });
  for (const [field, names] of Object.entries({ namespaces: ofNamespaces, gateways: ofGateways, services: ofServices })) {
    const place = names.findIndex((name, i) => name !== undefined && names.indexOf(name) !== i);
    if (place < 0) continue;
    return { path: [field, place], message: `is '${names[place]}', which is listed already; list it once, with all that it has` };
  }
  return undefined;
}

function serviceProblem(service: ServiceFact, path: ValueProblem['path'], clusterDomain: string): ValueProblem | undefined {
  const { name, namespace, host } = service;
  if (host !== undefined && name !== undefined) {
    return { path, message: `states host '${host}' and name '${name}'; state the host, or name and namespace` };
  }
  if (host === undefined && name === undefined) return { path, message: 'has neither host nor name; add host, or name and namespace' };
  if (name !== undefined && namespace === undefined) return { path, message: `has no namespace; add the namespace of Service '${name}'` };
  if (host !== undefined && !host.includes('.')) {
    return {
      path: [...path, 'host'],
      message: `is '${host}', not a host in full; write '${host}.NAMESPACE.svc.${clusterDomain}', or name and namespace`,
    };
  }
  if (host?.endsWith(`.svc.${clusterDomain}`) && !serviceNamed(service, clusterDomain)) {
    return { path: [...path, 'host'], message: `is '${host}', not the host of a Service; use NAME.NAMESPACE.svc.${clusterDomain}` };
  }
  return service.ports.length === 0 ? { path: [...path, 'ports'], message: 'is an empty list; add the ports that callers use' } : undefined;
}

function portsProblem(ports: readonly PortFact[], path: ValueProblem['path']): ValueProblem | undefined {
  const seen = new Set<number>();
  for (const [p, port] of ports.entries()) {
    const { number, protocol } = typeof port === 'number' ? { number: port, protocol: undefined } : port;
    if (seen.has(number)) return { path: [...path, p], message: `is port ${number}, which is listed already; remove one of them` };
    seen.add(number);
    if (protocol !== undefined && parseProtocol(protocol) === 'Unsupported') {
      return {
        path: [...path, p, 'protocol'],
        message: `is '${protocol}', which Istio does not know; use one such as http, http2, grpc, https, tls or tcp`,
      };
    }
  }
  return undefined;
}
