import { App } from 'cdktf';
import { CoolstoreStack } from './coolstore-stack';

const app = new App({ outdir: process.env.CDK8S_OUTDIR ?? 'manifests/terraform' });
new CoolstoreStack(app, 'coolstore');
app.synth();
