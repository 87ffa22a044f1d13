import { CoolstoreChart } from './coolstore';
import { environments } from './environments';
import { TrafficChecks } from 'cdk8s-istio';

const outdir = process.env.CDK8S_OUTDIR ?? 'out/environments';
const all = environments(outdir);
for (const environment of all.selected) {
  new TrafficChecks(environment, 'Checks');
  new CoolstoreChart(environment, 'traffic');
}
all.synth();
console.log(`written to ${outdir}`);
