import { runExperiments } from './experiments/experiments';
import { judgeLoads } from './experiments/simulated-loads';
import { judgeTranslation } from './fuzz/campaign';
import { judgeAnalysis, judgeManifests, judgeRefusals } from './gate';
import { judgeMutations } from './mutation/proof';
import { judgePythonBuild } from './python/python-build';
import { judgeReading } from './reading/reading';
import type { Report } from './report';
import type { RequestsOptions } from './requests/requests';
import { judgeRequests } from './requests/requests';
import { judgeTerraform } from './tofu/engine';

/** How much is judged. */
export interface Amounts {
  /** The share of documents with one field broken, and of generated sets of manifests. */
  readonly documents: number;
  /** How many generated streams of documents are read. */
  readonly streams: number;
  /** How many generated meshes our translation is judged by. */
  readonly meshes: number;
  readonly requests: RequestsOptions;
  /** How many generated meshes the mistakes in the translator are shown. */
  readonly mistakes: number;
}

/** What has to hold before a change lands. */
export const GATE: Amounts = { documents: 0.02, streams: 3000, meshes: 300, requests: { each: 12, meshes: 4, count: 10 }, mistakes: 0 };
/** All of it. */
export const FULL: Amounts = { documents: 1, streams: 50_000, meshes: 5000, requests: { each: 1, meshes: 100, count: 15 }, mistakes: 1000 };

/** A share of the full amounts. */
export function shareOf(share: number): Amounts {
  const { documents, streams, meshes, requests, mistakes } = FULL;
  const of = (count: number) => Math.max(1, Math.round(count * share));
  return {
    documents: documents * share,
    streams: of(streams),
    meshes: of(meshes),
    requests: { ...requests, each: Math.round(1 / share), meshes: of(requests.meshes) },
    mistakes: of(mistakes),
  };
}

/** One thing that is judged; it can be asked for by its name. */
export interface Part {
  readonly name: string;
  /** What it needs beside Node. */
  readonly needs: readonly ('istiod' | 'envoy')[];
  /** Whether it has to hold before a change lands. */
  readonly inGate?: boolean;
  readonly judge: (report: Report, amounts: Amounts) => void | Promise<void>;
}

/** Everything that is judged, in the order of a run. */
export const PARTS: readonly Part[] = [
  { name: 'manifests', needs: ['istiod'], inGate: true, judge: judgeManifests },
  { name: 'reading', needs: ['istiod'], inGate: true, judge: (report, { streams }) => judgeReading(report, streams) },
  { name: 'analysis', needs: ['istiod'], inGate: true, judge: (report, { documents }) => judgeAnalysis(report, documents) },
  { name: 'fuzz', needs: ['istiod'], inGate: true, judge: (report, { meshes }) => judgeTranslation(report, meshes) },
  { name: 'experiments', needs: ['istiod', 'envoy'], inGate: true, judge: runExperiments },
  { name: 'requests', needs: ['istiod', 'envoy'], inGate: true, judge: (report, { requests }) => judgeRequests(report, requests) },
  { name: 'loads', needs: ['istiod', 'envoy'], judge: judgeLoads },
  { name: 'refusals', needs: ['istiod', 'envoy'], judge: judgeRefusals },
  { name: 'mistakes', needs: ['istiod'], judge: (report, { mistakes }) => judgeMutations(report, mistakes) },
  { name: 'python', needs: [], judge: judgePythonBuild },
  { name: 'terraform', needs: [], judge: judgeTerraform },
];
