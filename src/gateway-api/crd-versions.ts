import { GROUP } from './references';
import type { Kind, Manifest, ManifestOf } from '../manifest/manifest';
import { manifestsOf } from '../manifest/manifest';

/** The annotation of the CRDs of the Gateway API with their version. */
export const BUNDLE_VERSION = `${GROUP}/bundle-version`;

/** A kind that istiod reads only if its CRD has a version. */
interface Requirement {
  readonly kind: Kind;
  readonly least: string;
}

const REQUIREMENTS: ReadonlyMap<string, Requirement> = new Map([
  [`grpcroutes.${GROUP}`, { kind: 'GRPCRoute', least: '1.1.0' }],
  [`backendtlspolicies.${GROUP}`, { kind: 'BackendTLSPolicy', least: '1.4.0' }],
  [`tlsroutes.${GROUP}`, { kind: 'TLSRoute', least: '1.5.0' }],
  [`tcproutes.${GROUP}`, { kind: 'TCPRoute', least: '1.6.0' }],
]);

/** The kind that istiod does not read because of the version of its CRD, and the least version; undefined for a CRD that is new enough. */
export function unreadKind({ metadata: { name, annotations = {} } }: ManifestOf<'CustomResourceDefinition'>): Requirement | undefined {
  const requirement = REQUIREMENTS.get(name);
  const stated = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/.exec(annotations[BUNDLE_VERSION] ?? '');
  if (!requirement || stated && !isLower(stated.slice(1).map(part => Number(part ?? 0)), requirement.least)) return undefined;
  return requirement;
}

function isLower(version: readonly number[], least: string): boolean {
  const other = least.split('.').map(Number);
  const differing = version.findIndex((part, i) => part !== other[i]);
  return differing >= 0 && version[differing] < other[differing];
}

/** The manifests without the kinds that istiod does not read because of the versions of their CRDs. */
export function withoutUnreadKinds(manifests: readonly Manifest[]): readonly Manifest[] {
  const kinds = new Set<string>(manifestsOf(manifests, 'CustomResourceDefinition').flatMap(crd => unreadKind(crd)?.kind ?? []));
  return kinds.size === 0 ? manifests : manifests.filter(({ kind, apiVersion }) => !kinds.has(kind) || !apiVersion.startsWith(`${GROUP}/`));
}
