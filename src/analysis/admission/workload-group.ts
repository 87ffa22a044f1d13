import { labelsProblems, nonNegativeProblem, portProblem } from './values';
import type { Verdict } from './verdict';
import type { WorkloadGroupProbe, WorkloadGroupSpec } from '../../manifest/istio-specs.generated';

const TIMES = ['periodSeconds', 'initialDelaySeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold'] as const;
const HEADER = /^[-A-Za-z0-9]+$/;

function checkProbe(verdict: Verdict, probe: WorkloadGroupProbe, path: string): void {
  for (const field of TIMES) verdict.error(`${path}.${field}`, nonNegativeProblem(probe[field]));
  const { httpGet, tcpSocket, exec, grpc } = probe;
  if (httpGet !== undefined) {
    const { port, scheme = '', httpHeaders = [] } = httpGet;
    verdict.error(`${path}.httpGet.port`, portProblem(port));
    if (!['', 'HTTP', 'HTTPS'].includes(scheme)) verdict.error(`${path}.httpGet.scheme`, [`is '${scheme}'`, 'use HTTP or HTTPS']);
    httpHeaders.forEach(({ name = '' }, i) => {
      if (!HEADER.test(name)) {
        verdict.error(`${path}.httpGet.httpHeaders[${i}].name`, [`is '${name}', which is not a valid header name of a probe`,
          'use letters, digits and \'-\'']);
      }
    });
  } else if (tcpSocket !== undefined) {
    verdict.error(`${path}.tcpSocket.port`, portProblem(tcpSocket.port));
  } else if (exec !== undefined) {
    if ((exec.command ?? []).length === 0) verdict.error(`${path}.exec.command`, ['is empty', 'set it']);
  } else if (grpc !== undefined) {
    verdict.error(`${path}.grpc`, ['is a method that istiod\'s admission does not take', 'use httpGet, tcpSocket or exec']);
  } else {
    verdict.error(path, ['has no method', 'set httpGet, tcpSocket or exec']);
  }
}

/** Checks a WorkloadGroup. */
export function checkWorkloadGroup(verdict: Verdict, { template, metadata, probe }: WorkloadGroupSpec): void {
  if (template === undefined) {
    verdict.error('spec.template', ['is missing', 'set it']);
    return;
  }
  const before = verdict.judgements.length;
  verdict.error('spec.metadata.labels', ...labelsProblems(metadata?.labels));
  if (!verdict.hasErrors(before) && probe !== undefined) checkProbe(verdict, probe, 'spec.probe');
}
