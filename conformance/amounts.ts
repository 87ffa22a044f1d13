import type { ClusterAmounts } from './cluster/cluster-amounts';
import type { RequestsOptions } from './requests/requests';

/** The amounts of a run. */
export interface Amounts {
  /** The share of documents with one broken field, and of generated sets of manifests. */
  readonly documents: number;
  /** The share of the files from Istio's repository. */
  readonly foreign: number;
  /** The number of generated streams of documents. */
  readonly streams: number;
  /** The number of generated meshes for the translation. */
  readonly meshes: number;
  /** The number of generated meshes with Gateway API objects. */
  readonly gatewayApi: number;
  /** The number of generated meshes with waypoints. */
  readonly waypoints: number;
  /** The number of generated meshes for access policies. */
  readonly access: number;
  /** The number of generated meshes whose pods a real Envoy takes the place of, for calls that policies allow and deny. */
  readonly calledMeshes: number;
  readonly requests: RequestsOptions;
  /** The number of generated meshes for the mistakes in the translator. */
  readonly mistakes: number;
  /** The number of meshes with one odd value. */
  readonly oddValues: number;
  /** The number of random programs of constructs. */
  readonly programs: number;
  /** The number of generated pairs of rules, for what `diff` proves. */
  readonly pairs: number;
  /** The number of generated meshes of which invariants are proven, and of which holes are sought. */
  readonly provenMeshes: number;
  /** The number of meshes in which one object changes, for what `diff` does not judge. */
  readonly changes: number;
  /** The share of the rollouts under load. Below 1 it is those of the gate. */
  readonly rollouts: number;
  /** What is applied to an API server. */
  readonly cluster: ClusterAmounts;
}

/** The amounts before every change. */
export const GATE: Amounts = {
  documents: 0.02,
  foreign: 0.25,
  streams: 3000,
  meshes: 300,
  gatewayApi: 60,
  waypoints: 40,
  access: 100,
  calledMeshes: 12,
  requests: { each: 12, meshes: 4, count: 10 },
  mistakes: 0,
  oddValues: 150,
  programs: 200,
  pairs: 250,
  provenMeshes: 60,
  changes: 60,
  rollouts: 0.5,
  cluster: { cases: 0.1, documents: 0.004 },
};
/** The full amounts. */
export const FULL: Amounts = {
  documents: 1,
  foreign: 1,
  streams: 50_000,
  meshes: 5000,
  gatewayApi: 2500,
  waypoints: 1250,
  access: 2000,
  calledMeshes: 180,
  requests: { each: 1, meshes: 100, count: 15 },
  mistakes: 1000,
  oddValues: 6000,
  programs: 20_000,
  pairs: 5000,
  provenMeshes: 2000,
  changes: 2000,
  rollouts: 1,
  cluster: { cases: 1, documents: 0.2 },
};

/** A share of the full amounts. */
export function shareOf(share: number): Amounts {
  const {
    documents, foreign, streams, meshes, gatewayApi, waypoints, access, calledMeshes, requests, mistakes, oddValues, programs, pairs,
    provenMeshes, changes, rollouts, cluster,
  } = FULL;
  const of = (count: number) => Math.max(1, Math.round(count * share));
  return {
    documents: documents * share,
    foreign: foreign * share,
    streams: of(streams),
    meshes: of(meshes),
    gatewayApi: of(gatewayApi),
    waypoints: of(waypoints),
    access: of(access),
    calledMeshes: of(calledMeshes),
    requests: { ...requests, each: Math.round(1 / share), meshes: of(requests.meshes) },
    mistakes: of(mistakes),
    oddValues: of(oddValues),
    programs: of(programs),
    pairs: of(pairs),
    provenMeshes: of(provenMeshes),
    changes: of(changes),
    rollouts: rollouts * share,
    cluster: { cases: cluster.cases * share, documents: cluster.documents * share },
  };
}
