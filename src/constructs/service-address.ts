import type { Construct } from 'constructs';
import { chartNamespaceOf } from './chart-namespace';
import { AppState } from '../plan/collect/app-state';
import { dnsLabelProblem, fqdnProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

/** The namespace of a Service: the given one, else that of the chart. */
export function namespaceOf(at: Construct, name: string, stated: string | undefined): string {
  const namespace = stated ?? chartNamespaceOf(at) ?? fail(at, `the service '${name}' has no namespace; `
    + 'set `namespace` here or on the chart');
  refuse(at, dnsLabelProblem('namespace', namespace));
  return namespace;
}

/** The fully qualified host of a Service. */
export function hostOf(at: Construct, name: string, namespace: string, clusterDomain?: string): string {
  const host = `${name}.${namespace}.svc.${clusterDomain ?? AppState.of(at).clusterDomain}`;
  // The labels are already checked, so the result is a valid host.
  if (clusterDomain !== undefined) refuse(at, fqdnProblem('host', host, { wildcard: false }));
  return host;
}
