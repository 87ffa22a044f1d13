import * as yaml from 'js-yaml';
import type { ManifestSet } from './manifest-sets';
import { callersOfBoth, diffTraffic } from '../../src/diff/traffic-diff';
import { Edge } from '../../src/edge/edge';
import { unreadDifferences } from '../../src/edge/unread-differences';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { Translator } from '../../src/envoy/translator';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import type { Json } from '../istiod/client';

/** What `kubectl get -o yaml` prints of objects. */
export function printed(objects: readonly Json[]): string {
  return yaml.dump({ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: objects }, { noRefs: true });
}

function sideOf(objects: readonly KubernetesObject[], meshConfig?: MeshConfigFields) {
  const options = { meshConfig };
  return { objects, ...options, translator: new Translator(objects, options), edge: new Edge(objects, options) };
}

/** What our `diff` says of manifests and of what the API server keeps of them. */
export function differencesOf({ objects, meshConfig }: ManifestSet, kept: readonly Json[]): string[] {
  const { objects: read, problems } = parseManifests(printed(kept));
  const [before, after] = [sideOf(objects, meshConfig), sideOf(read, meshConfig)];
  return [
    ...problems.map(({ message }) => message),
    ...diffTraffic(before, after, callersOfBoth(before, after)).map(change => JSON.stringify(change).slice(0, 400)),
    ...unreadDifferences(before.edge, after.edge).map(each => JSON.stringify(each).slice(0, 400)),
  ];
}
