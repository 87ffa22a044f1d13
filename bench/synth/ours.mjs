// N services with our constructs.
import { App, Chart } from 'cdk8s';
import { measured } from './measure.mjs';
import { addServices } from './services.mjs';

measured((count, outdir) => {
  const app = new App({ outdir });
  addServices(new Chart(app, 'bench', { namespace: 'shop' }), count);
  app.synth();
});
