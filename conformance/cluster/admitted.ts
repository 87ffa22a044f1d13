import type { ApiClient } from './api-client';
import { UnknownKindError } from './api-client';
import { ensureNamespaces } from './applied';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Reception } from '../analysis/admission';
import { differenceOf, documents, explanationOf, ofOurs } from '../analysis/admission';

const NAMESPACE = 'shop';

/** What only the API server judges. */
const EXPLAINED: readonly { readonly of: RegExp; readonly reason: string }[] = [
  { of: /: metadata\.labels: Invalid value: .*\n.*we: taken/, reason: 'the analysis does not judge labels of Istio\'s own objects' },
];

/** How the API server, with its schemas, its CEL rules and istiod's webhook, receives a share of the documents with one broken field. */
export async function compareReception(api: ApiClient, share: number): Promise<{ wrong: string[]; figure: string }> {
  const chosen = documents(share);
  await ensureNamespaces(api, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'any', namespace: NAMESPACE } }]);
  const wrong: string[] = [];
  let refused = 0;
  await Promise.all(chosen.map(async mutant => {
    const object = mutant.object as KubernetesObject;
    const placed = { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? NAMESPACE } };
    const refusal = await refusalOf(api, placed);
    const ours = ofOurs(mutant);
    // Warnings are compared with the webhook alone.
    const theirs: Reception = refusal === undefined ? { verdict: ours.verdict === 'warned' ? 'warned' : 'taken', why: [] }
      : { verdict: 'refused', why: [refusal] };
    if (theirs.verdict === 'refused') refused++;
    const difference = differenceOf(mutant.id, theirs, ours);
    if (difference !== undefined && !isExplained(difference)) wrong.push(difference);
  }));
  return { wrong, figure: `${chosen.length} documents, ${refused} of them refused` };
}

function isExplained(difference: string): boolean {
  return explanationOf(difference) !== undefined || EXPLAINED.some(({ of }) => of.test(difference));
}

/** Why the API server refuses an object; undefined if it accepts it. */
async function refusalOf(api: ApiClient, object: KubernetesObject): Promise<string | undefined> {
  try {
    const { status, body } = await api.apply(object, { dryRun: true });
    return status < 300 ? undefined : body.message ?? `${status}`;
  } catch (error) {
    if (error instanceof UnknownKindError) return error.message;
    throw error;
  }
}
