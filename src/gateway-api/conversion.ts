import { backendPolicies } from './backend-policies';
import type { Entry, EntryOrigin, GeneratedDestinationRule, GeneratedGateway, GeneratedVirtualService, Route } from './converted';
import { withoutUnreadKinds } from './crd-versions';
import type { ClassFlags } from './gateway-classes';
import { GatewayClasses } from './gateway-classes';
import type { ParentListener } from './gateway-listeners';
import { gatewayListeners } from './gateway-listeners';
import { mergedVirtualServices, withoutNamesakes } from './merged-routes';
import type { Problem } from './problem';
import { problem } from './problem';
import { ReferenceGrants } from './reference-grants';
import { Referents } from './referents';
import { attach } from './route-parents';
import type { OnRouteProblem } from './virtual-services';
import { httpParts, tcpVirtualServices, tlsVirtualServices } from './virtual-services';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Manifest } from '../manifest/manifest';
import { manifestsOf } from '../manifest/manifest';
import type { FieldPath } from '../manifest/provenance';

export interface ConversionOptions {
  readonly clusterDomain: string;
  readonly flags: ClassFlags;
  /** Whether Secrets and ConfigMaps that the input lacks exist with valid certificates. */
  readonly assumesCertificates: boolean;
}

/** A part of an object that istiod leaves out, wholly or for some requests. */
export interface ConversionProblem extends Problem {
  readonly object: KubernetesObject;
  readonly path: FieldPath;
  /** Whether the whole object is left out. */
  readonly isInvalid: boolean;
  /** For a rule of a route: whether the problem is one of its services, rather than of its listeners. */
  readonly isOfMesh: boolean;
}

/** What istiod makes of the objects of the Gateway API. */
export interface Conversion {
  /** The Services that Istio makes for Gateways, unless the input has them. */
  readonly services: readonly KubernetesObject[];
  readonly gateways: readonly GeneratedGateway[];
  readonly virtualServices: readonly GeneratedVirtualService[];
  readonly destinationRules: readonly GeneratedDestinationRule[];
  /** The listeners of each Gateway and ListenerSet that routes may attach to, by `parentKey`. */
  readonly listeners: ReadonlyMap<string, readonly ParentListener[]>;
  /** The rule of a route that each entry of a VirtualService is made from. */
  readonly origins: ReadonlyMap<Entry, EntryOrigin>;
  readonly problems: readonly ConversionProblem[];
}

const NAMESAKE = problem('Unreported', 'istiod leaves out what an HTTPRoute of the same name and namespace hides; rename one of the two');

/** Converts objects of the Gateway API as istiod does. Absent fields count as absent; the defaults of their CRDs come before. */
export function convertGatewayApi(all: readonly Manifest[], options: ConversionOptions): Conversion {
  const { clusterDomain, assumesCertificates, flags } = options;
  const manifests = withoutUnreadKinds(all);
  const referents = new Referents(manifests);
  const classes = new GatewayClasses(manifestsOf(manifests, 'GatewayClass'), flags);
  const grants = new ReferenceGrants(manifestsOf(manifests, 'ReferenceGrant'));
  const problems: ConversionProblem[] = [];
  const report = (object: KubernetesObject, path: FieldPath, why: Problem, { isInvalid = false, isOfMesh = false } = {}) => {
    problems.push({ object, path, ...why, isInvalid, isOfMesh });
  };
  const origins = new Map<Entry, EntryOrigin>();

  const stated = { gateways: manifestsOf(manifests, 'KubernetesGateway'), sets: manifestsOf(manifests, 'ListenerSet') };
  const { gateways, services, parents: listeners } = gatewayListeners(stated, {
    referents,
    classes,
    grants,
    clusterDomain,
    assumesCertificates,
    onListenerProblem: ({ owner, path }, why) => report(owner, path, why),
    onOwnerProblem: report,
  });
  const context = { referents, grants, clusterDomain };
  const attached = <R extends Route>(route: R) => attach(route, {
    referents, classes, clusterDomain, listeners, onParentProblem: (_, i, why) => report(route, ['spec', 'parentRefs', i], why),
  });
  const onProblem = (route: Route): OnRouteProblem => (path, why, details) => report(route, path, why, details);
  const onEntry = (entry: Entry, object: Route, { path }: { path: FieldPath }) => origins.set(entry, { object, path });

  const isMissing = ({ metadata: { namespace = '', name } }: KubernetesObject) => !referents.get('Service', namespace, name);
  const http = [...manifestsOf(manifests, 'HTTPRoute'), ...manifestsOf(manifests, 'GRPCRoute')]
    .flatMap(route => httpParts(route, attached(route), context, onProblem(route)));
  const { kept, hidden } = withoutNamesakes(http);
  for (const { route } of hidden) report(route, ['metadata', 'name'], NAMESAKE);
  const virtualServices = [
    ...manifestsOf(manifests, 'TCPRoute').flatMap(route => tcpVirtualServices(route, attached(route), context, onProblem(route), onEntry)),
    ...manifestsOf(manifests, 'TLSRoute').flatMap(route => tlsVirtualServices(route, attached(route), context, onProblem(route), onEntry)),
    ...mergedVirtualServices(kept, onEntry),
  ];
  const destinationRules = backendPolicies(manifestsOf(manifests, 'BackendTLSPolicy'), {
    referents, clusterDomain, assumesCertificates, onPolicyProblem: report,
  });
  return { services: services.filter(isMissing), gateways, listeners, virtualServices, destinationRules, origins, problems };
}
