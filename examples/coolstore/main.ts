import { synthesizeAll } from './steps';

const outdir = process.env.CDK8S_OUTDIR ?? 'manifests';
synthesizeAll(outdir);
console.log(`written to ${outdir}`);
