import { deniedByDefault } from './access';
import { accessRules } from './access-rules';
import { circuitBreaker } from './circuit-breaker';
import { crashingTemplate } from './crashing-template';
import { httpEgress, tlsEgress } from './egress';
import type { Experiment, Result } from './experiment';
import { gatewayRules } from './gateway-rules';
import { mirroring } from './mirroring';
import { misleadingRules } from './misleading-rules';
import { outlierDetection } from './outlier-detection';
import { plaintextToTls } from './plaintext-to-tls';
import { canary, cohort, unknownSubset } from './routing';
import { conditionedFault, routeTreatments, stickyCanary } from './treatments';
import type { Report } from '../report';

const experiments: readonly Experiment[] = [
  cohort, canary, mirroring, httpEgress, tlsEgress, unknownSubset, circuitBreaker, outlierDetection,
  stickyCanary, conditionedFault, routeTreatments, misleadingRules, accessRules, crashingTemplate,
  plaintextToTls, gatewayRules, deniedByDefault,
];

/** The figures of an experiment. An experiment that throws has failed. */
async function outcomesOf(experiment: Experiment): Promise<Result[]> {
  try {
    return await experiment.run();
  } catch (error) {
    return [
      { name: 'runs to its end', figure: `${(error as Error).message}`, bounds: 'no error', why: 'it measured nothing', passed: false },
    ];
  }
}

/** Runs all experiments of the walk-through in parallel, with one check each. It takes about as long as the longest, 55 s. */
export async function runExperiments(report: Report): Promise<void> {
  await Promise.all(experiments.map(async experiment => {
    for (const { name, figure, bounds, why, passed } of await outcomesOf(experiment)) {
      report.add(
        `${experiment.name}: ${name}`,
        passed ? [] : [`it is ${figure} but must be ${bounds}: ${why}`],
        figure === bounds ? figure : `${figure}; ${bounds}`,
      );
    }
  }));
}
