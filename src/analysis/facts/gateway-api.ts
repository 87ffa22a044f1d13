import type { Conversion, ConversionProblem } from '../../gateway-api/conversion';
import { convertGatewayApi } from '../../gateway-api/conversion';
import { DEFAULT_FLAGS, GatewayClasses } from '../../gateway-api/gateway-classes';
import type { Missing, ProblemReason } from '../../gateway-api/problem';
import { conditionOf } from '../../gateway-api/problem';
import { addToGroup } from '../../manifest/group-by';
import { serviceHost } from '../../manifest/host-name';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Manifest, ManifestOf } from '../../manifest/manifest';
import { pathText } from '../../manifest/provenance';
import { withDefaults } from '../../manifest/schema-defaults';
import type { Absent } from '../absence';
import type { TrafficIndex } from '../traffic-index';

/** A route of the Gateway API. */
export type Route = ManifestOf<'HTTPRoute'> | ManifestOf<'GRPCRoute'> | ManifestOf<'TLSRoute'> | ManifestOf<'TCPRoute'>;

export const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'] as const;

/** What istiod leaves out of an object of the Gateway API. */
export interface Problem {
  readonly path: string;
  readonly reason: ProblemReason;
  readonly message: string;
  /** What istiod writes into the status of the object, as the end of a sentence. */
  readonly status: string;
  /** Whether it leaves out the whole object. */
  readonly isInvalid: boolean;
  readonly absent?: Absent;
}

interface Converted extends Conversion {
  readonly byObject: ReadonlyMap<Manifest, readonly Problem[]>;
  /** The object of the input for one with defaults. */
  sourceOf(stored: KubernetesObject): Manifest;
}

/** What istiod makes of the objects of the Gateway API. */
export function converted(index: TrafficIndex): Converted {
  return index.memo(convert);
}

/** What istiod leaves out of an object, for some reasons, each once. */
export function problemsOf(object: Manifest, reasons: readonly ProblemReason[], index: TrafficIndex): readonly Problem[] {
  return (converted(index).byObject.get(object) ?? []).filter(({ reason }) => reasons.includes(reason));
}

/** An object with the defaults of its CRD. */
export function stored<M extends Manifest>(object: M, index: TrafficIndex): M {
  return index.memoOf<M, Manifest>(object, withDefaults) as M;
}

/** The classes of Gateways that istiod knows. */
export function gatewayClasses(index: TrafficIndex): GatewayClasses {
  return index.memo(findClasses);
}

function findClasses(index: TrafficIndex): GatewayClasses {
  return new GatewayClasses(index.of('GatewayClass'), DEFAULT_FLAGS);
}

function convert(index: TrafficIndex): Converted {
  const { manifests, clusterDomain } = index;
  const sources = new Map<KubernetesObject, Manifest>(manifests.map(object => [stored(object, index), object]));
  const options = { clusterDomain, flags: DEFAULT_FLAGS, assumesCertificates: false };
  const conversion = convertGatewayApi([...sources.keys()] as Manifest[], options);
  const byObject = new Map<Manifest, Problem[]>();
  const seen = new Set<string>();
  for (const each of conversion.problems) {
    if (each.flag !== undefined) continue;
    const source = sources.get(each.object)!;
    const problem = problemOf(each, index);
    // A route of both a Gateway and a service has the problems of a rule twice.
    const key = [index.nameOf(source), source.kind, problem.path, problem.message].join(' ');
    if (!seen.has(key)) addToGroup(byObject, source, problem);
    seen.add(key);
  }
  return { ...conversion, byObject, sourceOf: object => sources.get(object)! };
}

function problemOf({ path, reason, message, isInvalid, missing }: ConversionProblem, index: TrafficIndex): Problem {
  const condition = conditionOf(reason);
  const status = condition === undefined ? 'istiod writes nothing of it into the status' : `istiod reports ${condition}=False, ${reason}`;
  return { path: pathText(path), reason, message, status, isInvalid, ...missing && { absent: absentOf(missing, index) } };
}

function absentOf({ kind, namespace, name }: Missing, index: TrafficIndex): Absent {
  switch (kind) {
    case 'Namespace': return { kind };
    case 'ReferenceGrant': return { kind, namespaces: [namespace] };
    case 'host': return { kind, host: name };
    case 'Service': return { kind: 'host', host: serviceHost(name, namespace, index.clusterDomain) };
    default: return { kind, key: `${namespace}/${name}` };
  }
}
