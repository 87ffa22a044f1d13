import { judgeAccess } from './access/access';
import { judgeAccessRequests } from './access-requests/access-requests';
import { judgeAdopt } from './adopt/adopt';
import type { Amounts } from './amounts';
import { judgeCluster } from './cluster/cluster';
import { judgeEdge } from './edge/edge';
import { runExperiments } from './experiments/experiments';
import { judgeLoads } from './experiments/simulated-loads';
import { judgeForeign } from './foreign/foreign';
import { judgeGatewayApi, judgeTranslation, judgeWaypoints } from './fuzz/campaign';
import { judgeAnalysis, judgeManifests, judgeRefusals } from './gate';
import { judgeHoles } from './holes/holes';
import { judgeInvariants } from './invariants/invariants';
import { judgeMutations } from './mutation/proof';
import { judgeOddValues } from './odd-values/odd-values';
import { judgePrograms } from './programs/programs';
import { judgeProof } from './proof/proof';
import { judgePythonBuild } from './python/python-build';
import { judgeReading } from './reading/reading';
import type { Report } from './report';
import { judgeRequests } from './requests/requests';
import { judgeRollouts } from './rollouts/rollouts';
import { judgeTerraform } from './tofu/engine';

/** One check of a run, which can be selected by name. */
export interface Part {
  readonly name: string;
  /** The tools that it needs in addition to Node. */
  readonly needs: readonly ('istiod' | 'envoy')[];
  /** Whether it is part of the gate. */
  readonly inGate?: boolean;
  /** Whether other work on the machine could change its result. */
  readonly measuresTime?: boolean;
  /** The module of `conformance` that judges it. A change that neither this module nor its folder reads leaves what the part found. */
  readonly source: string;
  /** Folders of which it reads every file, without importing them. */
  readonly reads?: readonly string[];
  readonly judge: (report: Report, amounts: Amounts) => void | Promise<void>;
}

/** All parts, in the order of a run. */
export const PARTS: readonly Part[] = [
  { name: 'manifests', source: 'gate', needs: ['istiod'], inGate: true, judge: judgeManifests },
  {
    name: 'reading',
    source: 'reading/reading',
    needs: ['istiod'],
    inGate: true,
    judge: (report, { streams }) => judgeReading(report, streams),
  },
  { name: 'analysis', source: 'gate', needs: ['istiod'], inGate: true, judge: (report, { documents }) => judgeAnalysis(report, documents) },
  {
    name: 'foreign',
    source: 'foreign/foreign',
    needs: ['istiod'],
    inGate: true,
    judge: (report, { foreign }) => judgeForeign(report, foreign),
  },
  { name: 'adopt', source: 'adopt/adopt', needs: ['istiod'], inGate: true, judge: (report, { foreign }) => judgeAdopt(report, foreign) },
  { name: 'edge', source: 'edge/edge', needs: ['istiod'], inGate: true, judge: (report, { changes }) => judgeEdge(report, changes) },
  {
    name: 'fuzz',
    source: 'fuzz/campaign',
    needs: ['istiod'],
    inGate: true,
    judge: (report, { meshes }) => judgeTranslation(report, meshes),
  },
  {
    name: 'gateway-api',
    source: 'fuzz/campaign',
    needs: ['istiod'],
    inGate: true,
    judge: async (report, { gatewayApi, waypoints }) => {
      await judgeGatewayApi(report, gatewayApi);
      await judgeWaypoints(report, waypoints);
    },
  },
  { name: 'access', source: 'access/access', needs: ['istiod'], inGate: true, judge: (report, { access }) => judgeAccess(report, access) },
  { name: 'proof', source: 'proof/proof', needs: ['istiod', 'envoy'], inGate: true, judge: (report, { pairs }) => judgeProof(report, pairs) },
  {
    name: 'invariants',
    source: 'invariants/invariants',
    needs: [],
    inGate: true,
    judge: (report, { provenMeshes }) => judgeInvariants(report, provenMeshes),
  },
  { name: 'holes', source: 'holes/holes', needs: [], inGate: true, judge: (report, { provenMeshes }) => judgeHoles(report, provenMeshes) },
  { name: 'experiments', source: 'experiments/experiments', needs: ['istiod', 'envoy'], inGate: true, judge: runExperiments },
  {
    name: 'requests',
    source: 'requests/requests',
    needs: ['istiod', 'envoy'],
    inGate: true,
    judge: (report, { requests }) => judgeRequests(report, requests),
  },
  {
    name: 'access-requests',
    source: 'access-requests/access-requests',
    needs: ['istiod', 'envoy'],
    inGate: true,
    judge: (report, { calledMeshes }) => judgeAccessRequests(report, calledMeshes),
  },
  {
    name: 'rollouts',
    source: 'rollouts/rollouts',
    needs: ['istiod', 'envoy'],
    inGate: true,
    measuresTime: true,
    judge: (report, { rollouts }) => judgeRollouts(report, rollouts),
  },
  // The first build of the API server takes some minutes, so the gate leaves it out.
  { name: 'cluster', source: 'cluster/cluster', needs: ['istiod'], judge: (report, { cluster }) => judgeCluster(report, cluster) },
  { name: 'loads', source: 'experiments/simulated-loads', needs: ['istiod', 'envoy'], measuresTime: true, judge: judgeLoads },
  { name: 'refusals', source: 'gate', needs: ['istiod', 'envoy'], judge: judgeRefusals },
  {
    name: 'odd-values',
    source: 'odd-values/odd-values',
    needs: ['istiod', 'envoy'],
    inGate: true,
    judge: (report, { oddValues }) => judgeOddValues(report, oddValues),
  },
  {
    name: 'programs',
    source: 'programs/programs',
    needs: ['istiod', 'envoy'],
    inGate: true,
    judge: (report, { programs }) => judgePrograms(report, programs),
  },
  { name: 'mistakes', source: 'mutation/proof', needs: ['istiod'], judge: (report, { mistakes }) => judgeMutations(report, mistakes) },
  // The package for Python is built of all sources.
  { name: 'python', source: 'python/python-build', reads: ['src'], needs: [], judge: judgePythonBuild },
  { name: 'terraform', source: 'tofu/engine', needs: [], judge: judgeTerraform },
];
