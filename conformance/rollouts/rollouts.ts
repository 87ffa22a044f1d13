import { DISCOVERY, RELAY } from './programs';
import type { Release } from './releases';
import { ALL, HALF, ONLY_V1, ONLY_V2, RETIRED, TEN_PERCENT } from './releases';
import type { RolledOut } from './rolled-out';
import { rollOut } from './rolled-out';
import { rolloutProblems } from '../../src/diff/rollout';
import { callersOfBoth } from '../../src/diff/traffic-diff';
import { Translator } from '../../src/envoy/translator';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Report } from '../report';

/** A sequence of releases, how it is applied, and whether requests fail meanwhile. */
interface Rollout {
  readonly name: string;
  readonly releases: readonly Release[];
  readonly isReversed?: boolean;
  readonly fails: boolean;
  /** The version that serves in the end. */
  readonly last: 'v1' | 'v2';
  readonly inGate?: boolean;
}

const ROLLOUTS: readonly Rollout[] = [
  {
    name: 'a canary from 10 to 50 to 100 percent, then the end of the old version over two releases, in the order of our output',
    releases: [ONLY_V1, TEN_PERCENT, HALF, ALL, RETIRED, ONLY_V2],
    fails: false,
    last: 'v2',
    inGate: true,
  },
  {
    name: 'a new subset and its canary, the VirtualService first',
    releases: [ONLY_V1, HALF, ALL],
    isReversed: true,
    fails: true,
    last: 'v2',
    inGate: true,
  },
  {
    name: 'the end of the old version in one release',
    releases: [ONLY_V1, ONLY_V2],
    fails: true,
    last: 'v2',
  },
  {
    name: 'the rollback of a canary in the order of our output',
    releases: [ONLY_V1, TEN_PERCENT, HALF, TEN_PERCENT],
    fails: false,
    last: 'v1',
  },
];

/** A share of the rollouts: below 1, only those of the gate. */
export async function judgeRollouts(report: Report, share: number): Promise<void> {
  try {
    DISCOVERY.build();
    RELAY.build();
  } catch (error) {
    report.skip('rollouts under load', `istiod cannot be built here as a server: ${(error as Error).message}`);
    return;
  }
  for (const rollout of ROLLOUTS.filter(({ inGate }) => inGate || share === 1)) {
    const result = await rollOut(rollout.releases, objects => (rollout.isReversed ? [...objects].reverse() : objects));
    const { samples } = result;
    const failed = samples.filter(({ status }) => status !== 200).length;
    report.add(`${rollout.name}: ${rollout.fails ? 'requests fail, and `diff --rollout` says so' : 'no request fails'}`,
      [...wrongRequests(rollout, result), ...wrongPrediction(rollout)], `${samples.length} requests, ${failed} failed`);
  }
}

function wrongRequests({ fails, last }: Rollout, { samples, afterwards, refused }: RolledOut): string[] {
  const failures = samples.filter(({ status }) => status !== 200);
  const others = failures.filter(({ status }) => status !== 503);
  const lost = afterwards.filter(({ status }) => status !== 200);
  return [
    ...refused.map(line => `Envoy refuses what istiod pushed: ${line}`),
    ...fails === failures.length > 0 ? [] : [`${failures.length} of ${samples.length} requests failed`],
    ...others.length > 0 ? [`requests failed with ${[...new Set(others.map(({ status }) => status))].join(', ')}`] : [],
    ...lost.length > 0 ? [`${lost.length} of ${afterwards.length} requests fail after the rollout`] : [],
    ...afterwards.some(({ body }) => body === last) ? [] : [`${last} serves no request after the rollout`],
  ];
}

/** Where `diff --rollout` errs: it must find what fails in the order that was applied, and nothing where no request failed. */
function wrongPrediction({ releases, fails, isReversed = false }: Rollout): string[] {
  const kind = isReversed ? 'routed-before-it-exists' : 'gone-while-routed-to';
  const found = releases.slice(1).flatMap((now, i) => problemsOf(releases[i], now)).filter(problem => problem === kind);
  return fails === found.length > 0 ? [] : [`\`diff --rollout\` finds ${found.length} problems of the kind ${kind}`];
}

function problemsOf(old: Release, now: Release): string[] {
  const sideOf = (objects: readonly KubernetesObject[]) => ({ objects, translator: new Translator(objects) });
  const [before, after] = [sideOf([...SERVICE, ...old.objects]), sideOf([...SERVICE, ...now.objects])];
  return rolloutProblems(before, after, sideOf, callersOfBoth(before, after)).map(({ kind }) => kind);
}

/** The Service of the releases. */
const SERVICE: readonly KubernetesObject[] = [{
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'catalog', namespace: 'shop' },
  spec: { selector: { app: 'catalog' }, ports: [{ name: 'http', port: 80 }] },
}];
