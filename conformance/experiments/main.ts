import { circuitBreaker } from './circuit-breaker';
import { httpEgress, tlsEgress } from './egress';
import type { Experiment, Result } from './experiment';
import { mirroring } from './mirroring';
import { outlierDetection } from './outlier-detection';
import { canary, cohort, unknownSubset } from './routing';
import { missingTools as missingForEnvoy } from '../envoy/installation';
import { missingTools as missingForIstiod } from '../istiod/client';

const experiments: readonly Experiment[] = [cohort, canary, mirroring, httpEgress, tlsEgress, unknownSubset, circuitBreaker, outlierDetection];

/** What an experiment found; one that breaks off has failed. */
async function outcomesOf(experiment: Experiment): Promise<Result[]> {
  try {
    return await experiment.run();
  } catch (error) {
    return [{ name: 'runs to its end', figure: `${(error as Error).message}`, bounds: 'no error', why: 'it measured nothing', passed: false }];
  }
}

/** Runs all experiments of the walk-through side by side, and prints a line a check. It takes about as long as the longest, 55 s. */
export async function runExperiments(): Promise<{ passed: number; failed: number }> {
  const results = await Promise.all(experiments.map(async experiment => {
    const found = await outcomesOf(experiment);
    for (const { name, figure, bounds, why, passed } of found) {
      console.log(`${passed ? 'ok' : 'FAILED'}  ${experiment.name}: ${name}: ${figure} (${bounds}${passed ? '' : `: ${why}`})`);
    }
    return found;
  }));
  const all = results.flat();
  const passed = all.filter(result => result.passed).length;
  return { passed, failed: all.length - passed };
}

async function main(): Promise<void> {
  const missing = [missingForIstiod(), missingForEnvoy()].filter(tool => tool !== undefined);
  if (missing.length > 0) throw new Error(`the experiments need ${missing.join(', and ')}`);
  const { passed, failed } = await runExperiments();
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
