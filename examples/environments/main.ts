import { CoolstoreChart } from './coolstore';
import { environments } from './environments';
import { TrafficChecks } from 'cdk8s-istio';

const all = environments(process.env.CDK8S_OUTDIR ?? 'manifests/environments');
for (const environment of all.selected) {
  new TrafficChecks(environment, 'Checks');
  new CoolstoreChart(environment, 'traffic');
}
all.synth();
