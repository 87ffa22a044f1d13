import type { FindingRecord } from './finding-record';
import { recordOf } from './finding-record';
import { AnalysisRun } from '../../analysis/analyze';
import type { ManifestProblem } from '../../manifest/manifest-problem';
import type { Arguments } from '../arguments';
import type { Environment } from '../input/environment';
import { istioOption } from '../input/istio-option';
import { meshConfigFor } from '../input/mesh-config-file';

/** All findings of an environment, those about files that cannot be read among them. */
export function findIn(environment: Environment, given: Arguments, run = new AnalysisRun()): FindingRecord[] {
  const { objects, problems, name } = environment;
  const findings = run.analyze(objects, { meshConfig: meshConfigFor(objects, given.get('mesh-config')), upgradesFrom: istioOption(given, 'upgrades-from') });
  return [...problems.map(unreadable), ...findings.map(finding => recordOf(finding, name))];
}

function unreadable({ file, line, message, repair, foreign }: ManifestProblem): FindingRecord {
  return { rule: foreign ? 'foreign-file' : 'unreadable-manifest', codes: [], severity: foreign ? 'info' : 'error', file, line, message, repair };
}
