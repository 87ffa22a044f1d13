import { judgeAccess } from './access/access';
import { judgeAccessRequests } from './access-requests/access-requests';
import type { Amounts } from './amounts';
import { judgeEdge } from './edge/edge';
import { runExperiments } from './experiments/experiments';
import { judgeLoads } from './experiments/simulated-loads';
import { judgeForeign } from './foreign/foreign';
import { judgeTranslation } from './fuzz/campaign';
import { judgeAnalysis, judgeManifests, judgeRefusals } from './gate';
import { judgeInvariants } from './invariants/invariants';
import { judgeMutations } from './mutation/proof';
import { judgeOddValues } from './odd-values/odd-values';
import { judgePrograms } from './programs/programs';
import { judgeProof } from './proof/proof';
import { judgePythonBuild } from './python/python-build';
import { judgeReading } from './reading/reading';
import type { Report } from './report';
import { judgeRequests } from './requests/requests';
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
  /** The folder of `conformance` that no other part reads: a change there leaves what the other parts found. */
  readonly ownFolder?: string;
  readonly judge: (report: Report, amounts: Amounts) => void | Promise<void>;
}

/** All parts, in the order of a run. */
export const PARTS: readonly Part[] = [
  { name: 'manifests', needs: ['istiod'], inGate: true, judge: judgeManifests },
  { name: 'reading', needs: ['istiod'], inGate: true, ownFolder: 'reading', judge: (report, { streams }) => judgeReading(report, streams) },
  { name: 'analysis', needs: ['istiod'], inGate: true, judge: (report, { documents }) => judgeAnalysis(report, documents) },
  { name: 'foreign', needs: ['istiod'], inGate: true, ownFolder: 'foreign', judge: (report, { foreign }) => judgeForeign(report, foreign) },
  { name: 'edge', needs: ['istiod'], inGate: true, ownFolder: 'edge', judge: (report, { changes }) => judgeEdge(report, changes) },
  { name: 'fuzz', needs: ['istiod'], inGate: true, judge: (report, { meshes }) => judgeTranslation(report, meshes) },
  { name: 'access', needs: ['istiod'], inGate: true, judge: (report, { access }) => judgeAccess(report, access) },
  { name: 'proof', needs: [], inGate: true, judge: (report, { pairs }) => judgeProof(report, pairs) },
  {
    name: 'invariants',
    needs: [],
    inGate: true,
    ownFolder: 'invariants',
    judge: (report, { provenMeshes }) => judgeInvariants(report, provenMeshes),
  },
  { name: 'experiments', needs: ['istiod', 'envoy'], inGate: true, judge: runExperiments },
  { name: 'requests', needs: ['istiod', 'envoy'], inGate: true, judge: (report, { requests }) => judgeRequests(report, requests) },
  {
    name: 'access-requests',
    needs: ['istiod', 'envoy'],
    inGate: true,
    judge: (report, { calledMeshes }) => judgeAccessRequests(report, calledMeshes),
  },
  { name: 'loads', needs: ['istiod', 'envoy'], measuresTime: true, judge: judgeLoads },
  { name: 'refusals', needs: ['istiod', 'envoy'], judge: judgeRefusals },
  { name: 'odd-values', needs: ['istiod', 'envoy'], inGate: true, judge: (report, { oddValues }) => judgeOddValues(report, oddValues) },
  {
    name: 'programs',
    needs: ['istiod', 'envoy'],
    inGate: true,
    ownFolder: 'programs',
    judge: (report, { programs }) => judgePrograms(report, programs),
  },
  { name: 'mistakes', needs: ['istiod'], ownFolder: 'mutation', judge: (report, { mistakes }) => judgeMutations(report, mistakes) },
  { name: 'python', needs: [], ownFolder: 'python', judge: judgePythonBuild },
  { name: 'terraform', needs: [], ownFolder: 'tofu', judge: judgeTerraform },
];
