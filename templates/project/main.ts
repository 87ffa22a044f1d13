import { App } from 'cdk8s';
import { TrafficChecks } from 'cdk8s-istio';
import { CatalogTraffic } from './catalog-traffic';

const app = new App();
// Fails synth on traffic mistakes. It stands before the charts, so that its findings name the lines that made the objects.
new TrafficChecks(app, 'Checks');
new CatalogTraffic(app, 'catalog', { namespace: 'shop', canaryPercent: 10 });
app.synth();
