import { synthesizeAll } from './steps';

synthesizeAll(process.env.CDK8S_OUTDIR ?? 'manifests');
