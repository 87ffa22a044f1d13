import { join } from 'node:path';
import { GoProgram } from '../go-program';

const kubernetes = join(__dirname, 'kubernetes');

/** The store of the API server. */
export const ETCD = new GoProgram({
  name: 'etcd', what: 'etcd', module: kubernetes, package: 'etcd', isStripped: true,
});
/** The API server of Kubernetes. */
export const KUBE_APISERVER = new GoProgram({
  name: 'kube-apiserver', what: 'the API server of Kubernetes', module: kubernetes, package: 'apiserver', isStripped: true,
});
/** istiod's validating webhook. */
export const WEBHOOK = new GoProgram({
  name: 'webhook', what: 'istiod\'s webhook', module: join(__dirname, '../istiod'), package: 'webhook', isStripped: true,
});

/** Builds what is missing; the first time this takes some minutes. */
export function buildApiServer(): void {
  for (const program of [ETCD, KUBE_APISERVER, WEBHOOK]) program.build();
}
