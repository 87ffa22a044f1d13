import { CoolstoreChart } from './coolstore';
import { environments } from './environments';

const all = environments(process.env.CDK8S_OUTDIR ?? 'manifests/environments');
for (const environment of all.selected) new CoolstoreChart(environment, 'traffic');
all.synth();
