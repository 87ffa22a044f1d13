import { CONTROL_PLANE, OF_A_REVISION, UNKNOWN, WITHOUT_NAMESPACE } from './kinds/control-plane';
import { GATEWAY_API } from './kinds/gateway-api';
import { ISTIO } from './kinds/istio';
import { KUBERNETES } from './kinds/kubernetes';
import { makesPods, NAMESPACES, PODS } from './kinds/pods';
import { SECURITY } from './kinds/security';
import type { UnreadKind, UnreadKinds } from './unread';
import { KINDS } from '../manifest/crd-schemas.generated';
import { groupBy } from '../manifest/group-by';
import type { Manifest } from '../manifest/manifest';

/** All rows of kinds. Where a kind is read, its row goes. */
const ROWS: readonly UnreadKinds[] = [SECURITY, ISTIO, GATEWAY_API, KUBERNETES, NAMESPACES, CONTROL_PLANE];

const BY_KIND: ReadonlyMap<string, readonly UnreadKind[]> = new Map(
  [...groupBy(ROWS.flatMap(rows => Object.entries(rows)), ([groupKind]) => groupKind)]
    .map(([groupKind, entries]) => [groupKind, entries.flatMap(([, rows]) => rows)]));

/** Groups of which every kind is known. */
const WHOLE_GROUPS = /(^|\.)istio\.io$|^gateway\.networking\.(x-)?k8s\.io$/;
/** Versions that Istio and the Gateway API have served. */
const VERSIONS = /^v1(alpha[1-3]|beta1)?$/;
/** Kinds of Istio that change no request. */
const REPORTING: ReadonlySet<string> = new Set(['telemetry.istio.io/Telemetry', 'install.istio.io/IstioOperator']);

/** The rows of an object: those of its kind, and those of pods and of objects of any kind. */
export function rowsOf(manifest: Manifest): readonly UnreadKind[] {
  const [group, version] = groupAndVersion(manifest);
  const groupKind = `${group}/${manifest.kind}`;
  const rows = BY_KIND.get(groupKind) ?? [];
  const isKnown = rows.length > 0 || KINDS[manifest.kind]?.group === group || REPORTING.has(groupKind);
  return [
    ...rows,
    ...(WHOLE_GROUPS.test(group) && (!isKnown || !VERSIONS.test(version)) ? [UNKNOWN] : []),
    ...(makesPods(manifest) ? PODS : []),
    ...(WHOLE_GROUPS.test(group) ? [OF_A_REVISION] : []),
    WITHOUT_NAMESPACE,
  ];
}

function groupAndVersion({ apiVersion }: Manifest): readonly [group: string, version: string] {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}
