import { compareReception } from './admitted';
import type { ApiClient } from './api-client';
import { ApiServer } from './api-server';
import type { AppliedSet } from './applied';
import { applySet } from './applied';
import type { ClusterAmounts } from './cluster-amounts';
import { caseSets, exampleSets } from './manifest-sets';
import { buildApiServer } from './programs';
import type { Report } from '../report';

const ACCEPTED = 'an API server with istiod\'s webhook accepts the manifests of the examples and of the cases without a warning';

/** Applies manifests to an API server with Istio's CRDs and istiod's webhook. */
export async function judgeCluster(report: Report, amounts: ClusterAmounts): Promise<void> {
  try {
    buildApiServer();
  } catch (error) {
    report.skip(ACCEPTED, `the API server cannot be built here: ${(error as Error).message}`);
    return;
  }
  const start = performance.now();
  const server = await ApiServer.start();
  const seconds = (performance.now() - start) / 1000;
  try {
    report.add('the API server, its CRDs and the webhook start within a minute', seconds < 60 ? [] : [`${seconds} s`], `${seconds.toFixed(0)} s`);
    await judgeApplied(report, server.api, amounts.cases);
    const { wrong, figure } = await compareReception(server.api, amounts.documents);
    report.add('the API server refuses the documents with one broken field that we reject, and no others', wrong, figure);
  } finally {
    await server.stop();
  }
}

async function judgeApplied(report: Report, api: ApiClient, share: number): Promise<void> {
  const sets = [...exampleSets(), ...caseSets(share)];
  const results: AppliedSet[] = [];
  for (const set of sets) results.push(await applySet(api, set));
  const wrong = (what: keyof AppliedSet) => results.flatMap(result => result[what]);
  const count = sets.reduce((sum, { objects }) => sum + objects.length, 0);
  report.add(ACCEPTED, wrong('refused'), `${count} manifests in ${sets.length} sets`);
  report.add(
    'a second apply changes no content, and a third one no resourceVersion',
    wrong('unstable'),
    `the second one changes the resourceVersion of ${wrong('completed').length}`,
  );
  report.add('the API server keeps every value of the manifests', wrong('lost'));
  report.add('`diff` finds no difference between manifests and what the API server returns', wrong('different'));
}
