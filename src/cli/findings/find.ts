import type { FindingRecord } from './finding-record';
import { recordOf } from './finding-record';
import { AnalysisRun } from '../../analysis/analyze';
import type { Target } from '../../analysis/migration';
import type { ManifestProblem } from '../../manifest/manifest-problem';
import type { Arguments } from '../arguments';
import { meshConfigOf } from '../input/cluster-settings';
import type { Environment } from '../input/environment';
import { istioOption } from '../input/istio-option';

/** All findings of an environment, including those about files that cannot be read. */
export function findIn(environment: Environment, given: Arguments, run = new AnalysisRun()): FindingRecord[] {
  const { objects, problems, name, facts } = environment;
  const meshConfig = meshConfigOf(environment, given);
  const target = given.get('target') as Target | undefined;
  const findings = run.analyze(objects, { meshConfig, facts, target, upgradesFrom: istioOption(given, 'upgrades-from') });
  return [...problems.map(unreadable), ...findings.map(finding => recordOf(finding, name))];
}

function unreadable({ file, line, message, repair, foreign, template, isRefusedByEnvoy }: ManifestProblem): FindingRecord {
  const place = { codes: [], file, line, message, repair };
  if (template) return { ...place, rule: 'unrendered-template', severity: 'warning' };
  if (isRefusedByEnvoy) return { ...place, rule: 'refused-by-envoy', severity: 'error' };
  return foreign ? { ...place, rule: 'foreign-file', severity: 'info' } : { ...place, rule: 'unreadable-manifest', severity: 'error' };
}
