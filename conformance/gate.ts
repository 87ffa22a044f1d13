import { absentClusterDrift } from './analysis/absent-clusters';
import { admissionDrift, compareAdmission } from './analysis/admission';
import { crashDrift } from './analysis/crashes';
import { analysisDifferences, deviationDrift } from './analysis/cross';
import { DEVIATIONS } from './analysis/deviations';
import { messagesDrift } from './analysis/envoy-messages';
import { foreignErrorDrift } from './analysis/foreign';
import { ignoredDrift } from './analysis/ignored';
import { badCases } from './bad-cases';
import { inputOf } from './case';
import { cases, casesForEnvoy } from './cases';
import { describeDifference, differences } from './difference';
import { refusals } from './envoy/acceptance';
import { ask, drift, orphans } from './golden';
import { build, translate } from './istiod/client';
import type { Report } from './report';
import { scalarDrift, scalars } from './scalars';
import { admission, analyzerFindings, analyzerProofs } from './verdicts';

/** The number of generated sets, and the share that is enough before every change. */
const ALL_SETS = 600;
const LEAST_SETS = 60;

async function timed<T>(act: () => Promise<T>): Promise<[T, number]> {
  const start = Date.now();
  return [await act(), (Date.now() - start) / 1000];
}

/** Checks our manifests with istiod: goldens, admission, CRDs and analyzers. */
export async function judgeManifests(report: Report): Promise<void> {
  build();
  const [answers, seconds] = await timed(() => ask(cases));
  report.add(`${cases.length} goldens are what istiod answers`,
    [...cases.flatMap(c => drift(c.name, answers.get(c.name)!)), ...orphans(cases).map(name => `${name}: a golden without a case`)],
    `${(cases.length / seconds).toFixed(0)} cases per second, including the start`);

  const [full] = await timed(() => ask(cases, 'full'));
  report.add('the light harness gives the same answers as a whole discovery server', cases.flatMap(({ name }) => {
    const [light, heavy] = [answers.get(name)!, full.get(name)!];
    if (typeof light === 'string' || typeof heavy === 'string') {
      return light === heavy ? [] : [`${name}: ${JSON.stringify(light).slice(0, 300)} / ${JSON.stringify(heavy).slice(0, 300)}`];
    }
    return differences(heavy.answer, light.answer).map(d => `${name}: ${describeDifference(d)}`);
  }));
  report.add('bad cases give an error in their own line', await badCases());
  report.add('Kubernetes reads YAML scalars as our table says', await scalarDrift(), `${scalars().length} scalars`);
  report.add('the admission webhook and the CRDs accept every manifest without a warning', await admission(cases));
  const { codes, wrong } = await analyzerProofs();
  report.add('every code of Istio\'s analyzers that we rely on fires on a document with the mistake', wrong, `${codes} codes`);
  report.add(
    "Istio's analyzers find nothing unexplained in the walk-through and its environments",
    await analyzerFindings(cases.filter(c => c.name.startsWith('coolstore-'))),
  );
}

/** Compares our analysis of manifests with istiod. */
export async function judgeAnalysis(report: Report, share: number): Promise<void> {
  report.add('the kept verdicts on manifests are what istiod answers', await admissionDrift());
  report.add('the messages of an EnvoyFilter are those that istiod knows', await messagesDrift());
  const { wrong, figure } = await compareAdmission(share);
  report.add('we reject, accept and warn about manifests with one broken field as the admission webhook and the CRDs do', wrong, figure);
  const crossed = await analysisDifferences(Math.max(LEAST_SETS, Math.round(ALL_SETS * share)));
  report.add(
    "on generated sets, we find what Istio's own analyzers find, on the same resources and with the same counts",
    crossed.wrong,
    crossed.figure,
  );
  const absent = await absentClusterDrift(Math.max(LEAST_SETS, Math.round(ALL_SETS * share)));
  report.add('a missing cluster in routes is always found, and an existing one never', absent.wrong, absent.figure);
  const foreign = await foreignErrorDrift();
  report.add(
    "on the manifests of Istio's module, each file and each folder of samples separately, we find no error that its analyzers do not find",
    foreign.wrong,
    foreign.figure,
  );
  report.add('every deviation from the analyzers still exists', await deviationDrift(), `${DEVIATIONS.length} deviations`);
  const ignored = await ignoredDrift();
  report.add('istiod crashes where rules say that it crashes', await crashDrift());
  report.add('a part that a finding calls ignored changes nothing that istiod sends', ignored.wrong, ignored.figure);
}

/** Starts a real Envoy with istiod's configuration for each proxy of every case. */
export async function judgeRefusals(report: Report): Promise<void> {
  const answers = await translate(casesForEnvoy.map(c => ({ ...c, id: c.name, manifests: inputOf(c) })));
  const proxies = casesForEnvoy.reduce((sum, c) => sum + c.proxies.length, 0);
  report.add('a real Envoy accepts istiod\'s configuration of every case', await refusals(answers), `${proxies} proxies`);
}
