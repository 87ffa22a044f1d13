import { analyze, describeFinding } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';

/** Pods with their Service. */
export function workload(namespace: string, name: string, labels: string, port = 'name: http, port: 80', inject = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { ${labels} }
  ports: [{ ${port}, targetPort: 8080 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { ${labels} } }
  template:
    metadata: { labels: { ${labels}${inject} } }
    spec:
      containers: [{ name: main, image: ${name}, ports: [{ containerPort: 8080 }] }]
`;
}

/** An object of Istio's networking API; `spec` is YAML in braces. */
export function istio(kind: string, name: string, spec: string, metadata = ''): string {
  const [namespace, own] = name.split('/');
  return `
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: { name: ${own}, namespace: ${namespace}${metadata} }
spec: ${spec}
`;
}

/** The pods of a gateway at port 80, in the namespace `infra`. */
export const EDGE = workload('infra', 'edge', 'app: edge');

/** A service of a bank, with two subsets. */
export const ACCOUNTS = workload('bank', 'accounts', 'app: accounts');
export const LEDGER = workload('bank', 'ledger', 'app: ledger');
export const PORTAL = workload('lending', 'portal', 'app: portal');

export function accountsRule(more = '', name = 'bank/accounts'): string {
  return istio(
    'DestinationRule',
    name,
    `{ host: accounts.bank.svc.cluster.local${more}, subsets: [{ name: blue, labels: { app: accounts } }] }`,
  );
}

export function publicGateway(name = 'infra/public', hosts = 'bank.example.org, lending.example.org'): string {
  return istio(
    'Gateway',
    name,
    `{ selector: { app: edge }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [${hosts}] }] }`,
  );
}

/** A destination at the accounts, or at another host. */
export function to(subset = '', host = 'accounts.bank.svc.cluster.local'): string {
  return `route: [{ destination: { host: ${host}${subset === '' ? '' : `, subset: ${subset}`}, port: { number: 80 } } }]`;
}

/** All findings, or those of one rule. */
export function found(manifests: readonly string[], rule?: string): string[] {
  const { objects, problems } = parseManifests(manifests.join('\n---\n'));
  expect(problems).toEqual([]);
  return analyze(objects)
    .filter(({ rule: id }) => (rule === undefined ? id !== 'kinds-missing' : id === rule))
    .map(({ file: _, line: __, ...finding }) => describeFinding(finding));
}
