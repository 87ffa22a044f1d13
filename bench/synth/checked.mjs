// unchecked.mjs with TrafficChecks.
import { App, Chart } from 'cdk8s';
import { TrafficChecks } from 'cdk8s-istio';
import { measured } from './measure.mjs';
import { addServices, addWorkloads } from './services.mjs';

measured((count, outdir) => {
  const app = new App({ outdir });
  new TrafficChecks(app, 'Checks');
  const chart = new Chart(app, 'bench', { namespace: 'shop' });
  addServices(chart, count);
  addWorkloads(chart, count);
  app.synth();
});
