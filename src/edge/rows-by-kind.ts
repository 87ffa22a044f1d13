import { CONTROL_PLANE } from './kinds/control-plane';
import { GATEWAY_API } from './kinds/gateway-api';
import { ISTIO } from './kinds/istio';
import { KUBERNETES } from './kinds/kubernetes';
import { OUTSIDE } from './kinds/outside';
import { NAMESPACES } from './kinds/pods';
import { SECURITY } from './kinds/security';
import type { UnreadKind, UnreadKinds } from './unread';
import { KINDS } from '../manifest/crd-schemas.generated';
import { groupBy } from '../manifest/group-by';

/** All rows of kinds. Where a kind is read, its row goes. */
const ROWS: readonly UnreadKinds[] = [SECURITY, ISTIO, OUTSIDE, GATEWAY_API, KUBERNETES, NAMESPACES, CONTROL_PLANE];

/** The rows by `group/kind`. */
export const BY_KIND: ReadonlyMap<string, readonly UnreadKind[]> = new Map(
  [...groupBy(ROWS.flatMap(rows => Object.entries(rows)), ([groupKind]) => groupKind)]
    .map(([groupKind, entries]) => [groupKind, entries.flatMap(([, rows]) => rows)]));

/** Kinds of Istio that change no request. */
const REPORTING = ['telemetry.istio.io/Telemetry', 'install.istio.io/IstioOperator'];

/** The kinds of Istio, the Gateway API and what extends it, by their group. */
export const KNOWN_KINDS: ReadonlyMap<string, readonly string[]> = kindsByGroup([
  ...Object.entries(KINDS).map(([kind, { group }]) => `${group}/${kind}`), ...REPORTING, ...BY_KIND.keys(),
].filter(groupKind => isWhole(groupKind.slice(0, groupKind.indexOf('/')))));

/** Whether it is a group of Istio or the Gateway API, of which every kind is known. */
export function isWhole(group: string): boolean {
  return /(^|\.)istio\.io$|^gateway\.networking\.(x-)?k8s\.io$/.test(group);
}

function kindsByGroup(groupKinds: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const parts = [...new Set(groupKinds)].map(groupKind => groupKind.split('/'));
  return new Map([...groupBy(parts, ([group]) => group)].map(([group, kinds]) => [group, kinds.map(([, kind]) => kind)]));
}
