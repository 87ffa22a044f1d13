import type { Labels } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { withDefaults } from '../manifest/schema-defaults';

/** The domains of labels and annotations that Istio or Kubernetes' network reads. */
const READ_KEYS = /(^|[.])(istio\.io|gateway\.networking\.k8s\.io)\/|^kubernetes\.io\/ingress\.class$/;

/** Fields that a cluster writes, or that name the object. */
const NOT_CONTENT: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/**
 * What an object states: its fields without status and metadata, with the defaults of the Gateway API's schemas, which the API server
 * stores, and the labels and annotations that Istio reads.
 */
export function contentOf(object: Manifest): object {
  const { labels, annotations } = object.metadata;
  const fields = Object.entries(withDefaults(object)).filter(([field]) => !NOT_CONTENT.has(field));
  return { ...Object.fromEntries(fields), labels: readKeys(labels), annotations: readKeys(annotations) };
}

function readKeys(map: Labels = {}): Labels {
  return Object.fromEntries(Object.entries(map).filter(([key]) => READ_KEYS.test(key)));
}

/** The entries of a map that have one of some keys; undefined if none has. */
export function entriesOf(map: Labels = {}, keys: readonly string[]): Labels | undefined {
  const found = keys.filter(key => Object.hasOwn(map, key)).map(key => [key, map[key]] as const);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
