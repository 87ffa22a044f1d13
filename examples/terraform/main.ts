import { App } from 'cdktf';
import { CoolstoreStack } from './coolstore-stack';

const app = new App({ outdir: process.env.CDK8S_OUTDIR ?? 'out/terraform' });
new CoolstoreStack(app, 'coolstore');
app.synth();
console.log(`written to ${app.outdir}`);
