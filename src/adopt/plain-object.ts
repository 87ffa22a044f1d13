import type { ChartWriter } from './chart-writer';
import type { Fields } from './code';
import { fields, literal } from './code';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** Annotations that kubectl writes. */
const WRITTEN_BY_KUBECTL = ['kubectl.kubernetes.io/last-applied-configuration'];

/** Labels and annotations that a person stated. */
export function statedAnnotations({ metadata: { annotations = {} } }: KubernetesObject): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(annotations).filter(([name]) => !WRITTEN_BY_KUBECTL.includes(name)));
}

/** Adds the object as it is, without the fields that a cluster writes, and the reason why no construct says it. */
export function addPlainObject(writer: ChartWriter, object: KubernetesObject, reason: string): void {
  const { apiVersion, kind, metadata: { name, namespace, labels = {} }, metadata: _, status: __, ...content } = object;
  const annotations = statedAnnotations(object);
  writer.add({
    comment: [`A plain object: ${reason}.`],
    creates: 'ApiObject',
    id: writer.id(`${name} ${kind}`),
    props: fields({
      apiVersion,
      kind,
      metadata: fields({
        name,
        namespace: namespace === writer.namespace ? undefined : namespace,
        labels: Object.keys(labels).length > 0 ? literal(labels) : undefined,
        annotations: Object.keys(annotations).length > 0 ? literal(annotations) : undefined,
      }),
      ...(literal(content) as Fields).fields,
    }),
  });
}
