// N services with our constructs, with their workloads.
import { App, Chart } from 'cdk8s';
import { measured } from './measure.mjs';
import { addServices, addWorkloads } from './services.mjs';

measured((count, outdir) => {
  const app = new App({ outdir });
  const chart = new Chart(app, 'bench', { namespace: 'shop' });
  addServices(chart, count);
  addWorkloads(chart, count);
  app.synth();
});
