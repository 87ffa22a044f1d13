import type { ClusterFactsFields, GatewayFact, ServiceFact } from './facts-fields';
import type { ValueProblem } from '../manifest/value-problem';
import { dnsLabelProblem, hostProblem, labelsProblem, objectNameProblem } from '../traffic/name';
import type { Problem } from '../traffic/problem';

type Path = ValueProblem['path'];

/** The first name in cluster facts that Kubernetes would refuse, so that no object has it. */
export function nameProblem(facts: ClusterFactsFields): ValueProblem | undefined {
  const { clusterDomain, rootNamespace, namespaces = [], gateways = [], services = [] } = facts;
  return problemAt(['clusterDomain'], clusterDomain, domain => hostProblem('', domain, { wildcard: false }))
    ?? problemAt(['rootNamespace'], rootNamespace, name => dnsLabelProblem('', name))
    ?? firstOf(namespaces, namespace => (typeof namespace === 'string'
      ? problemAt([], namespace, name => dnsLabelProblem('', name))
      : problemAt(['name'], namespace.name, name => dnsLabelProblem('', name))
        ?? problemAt(['waypoint'], namespace.waypoint, waypointProblem)), 'namespaces')
    ?? firstOf(gateways, ofGateway, 'gateways')
    ?? firstOf(services, ofService, 'services');
}

function ofGateway({ name, namespace, labels, serviceAccount, secrets = [] }: GatewayFact): ValueProblem | undefined {
  return problemAt(['name'], name, value => objectNameProblem('', value))
    ?? problemAt(['namespace'], namespace, value => dnsLabelProblem('', value))
    ?? ofLabels(labels)
    ?? problemAt(['serviceAccount'], serviceAccount, value => objectNameProblem('', value))
    ?? firstOf(secrets, secret => problemAt([], secret, value => objectNameProblem('', value)), 'secrets');
}

function ofService({ name, namespace, host, labels }: ServiceFact): ValueProblem | undefined {
  return problemAt(['name'], name, value => dnsLabelProblem('', value))
    ?? problemAt(['namespace'], namespace, value => dnsLabelProblem('', value))
    // Istio accepts capital letters in the hosts of a ServiceEntry.
    ?? problemAt(['host'], host?.includes('.') ? host.toLowerCase() : undefined, value => hostProblem('', value, { wildcard: true }))
    ?? ofLabels(labels);
}

/** Pods may be without labels. */
function ofLabels(labels: ServiceFact['labels']): ValueProblem | undefined {
  return labels === undefined || Object.keys(labels).length === 0 ? undefined : problemAt(['labels'], labels, of => labelsProblem('', of));
}

/** `NAME`, `NAMESPACE/NAME` or `none`. */
function waypointProblem(waypoint: string): Problem {
  const [name, ...namespace] = waypoint.split('/').reverse();
  if (namespace.length < 2 && [name, ...namespace].every(part => objectNameProblem('', part) === undefined)) return undefined;
  return ` is '${waypoint}'; use NAME or NAMESPACE/NAME of a waypoint, or none`;
}

/** The problem of a value that is set. The functions of names begin their message with what they are told, which is nothing here. */
function problemAt<T>(path: Path, value: T | undefined, check: (value: T) => Problem): ValueProblem | undefined {
  const message = value === undefined ? undefined : check(value);
  return message === undefined ? undefined : { path, message: message.trimStart() };
}

function firstOf<T>(items: readonly T[], check: (item: T) => ValueProblem | undefined, field: string): ValueProblem | undefined {
  for (const [place, item] of items.entries()) {
    const problem = check(item);
    if (problem !== undefined) return { path: [field, place, ...problem.path], message: problem.message };
  }
  return undefined;
}
