import { enforcedAction } from '../../facts/access-rules';
import type { AttributeValues } from '../../facts/access-values';
import { attributesOf } from '../../facts/access-values';
import { OF_IDENTITY } from '../../facts/identity-attributes';
import { proxyOf } from '../../facts/inbound-ports';
import { podsOfPolicy } from '../../facts/policy-pods';
import { hasApplicationSidecar } from '../../facts/sidecar-pods';
import { translatedMesh } from '../../facts/translated-mesh';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

export const rule = defineRule({
  id: 'exclusion-admits-plaintext',
  codes: [],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  needs: ['Workload'],
  title: 'An ALLOW rule excludes identities, and the pods accept callers in plaintext, which have none',
  effect: 'A caller in plaintext has no identity, so conditions such as notNamespaces exclude none of them. An excluded workload gets in by '
    + 'plaintext.',
  check(object, report, index) {
    if (enforcedAction(object) !== 'ALLOW') return;
    const asked = attributesOf(object).filter(({ key }) => OF_IDENTITY.has(key));
    // A rule that excludes every identity is for callers in plaintext.
    const excluding = asked.filter(one => one.notValues.length > 0 && !one.notValues.includes('*')
      && !asked.some(other => other.values.length > 0 && isBeside(other, one)));
    if (excluding.length === 0) return;
    const pods = podsOfPolicy(object, index);
    if (!index.memoOf(pods, someTakePlaintext)) return;
    for (const { key, notPath } of excluding) {
      report(notPath, `the rule excludes callers by '${key}', and callers in plaintext, which the selected pods accept, have no identity: `
        + 'all of them get in', 'add principals: [\'*\'], or set mode STRICT in the PeerAuthentication of these pods',
      { absent: { kind: 'PeerAuthentication', namespaces: [...new Set(pods.map(({ namespace }) => namespace))] } });
    }
  },
});

/** Whether a call must meet both conditions: those of one source, or a condition of the rule. */
function isBeside(other: AttributeValues, { rule: place, path }: AttributeValues): boolean {
  const sourceOf = (text: string) => /^spec\.rules\[\d+\]\.from\[\d+\]/.exec(text)?.[0];
  const [own, theirs] = [sourceOf(path), sourceOf(other.path)];
  return other.rule === place && (theirs === undefined || theirs === own);
}

/** Whether the sidecars of some pods accept plaintext at some port. */
function someTakePlaintext(pods: readonly Workload[], index: TrafficIndex): boolean {
  const { peerAuthentications } = translatedMesh(index);
  return pods.some(pod => {
    if (!hasApplicationSidecar(pod, index)) return false;
    const { mode, byPort } = peerAuthentications.of(proxyOf(pod));
    return [mode, ...byPort.values()].some(each => each !== 'STRICT');
  });
}
