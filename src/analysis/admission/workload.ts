import { fqdnProblem, isAddress } from './hosts';
import { portNameProblem } from './ports';
import { labelsProblems, portProblem, socketProblem } from './values';
import type { Verdict } from './verdict';
import type { WorkloadEntrySpec } from '../../manifest/istio-specs.generated';

const UNIX = 'unix://';

/** Checks the ports of an endpoint, of an entry with these ports. */
export function checkEndpointPorts(verdict: Verdict, ports: WorkloadEntrySpec['ports'] = {}, path: string,
  known?: ReadonlySet<string>): void {
  for (const [name, port] of Object.entries(ports)) {
    if (known && !known.has(name)) {
      verdict.error(`${path}.ports.${name}`, ['is not a port of the entry', `use one of ${[...known].join(', ')}`]);
    }
    verdict.error(`${path}.ports.${name}`, portNameProblem(name), portProblem(port));
  }
}

/** Checks a WorkloadEntry, or an endpoint of a ServiceEntry with these ports. */
export function checkWorkload(verdict: Verdict, workload: WorkloadEntrySpec, path: string, known?: ReadonlySet<string>): void {
  const { address = '', network = '', ports = {}, labels } = workload;
  if (address === '' && network === '') {
    verdict.error(path, ['has no address', 'set it']);
    return;
  }
  if (address === '') verdict.warn(path, ['has a network and no address', 'set the address, unless you mean the gateway of the network']);
  const isSocket = address.startsWith(UNIX);
  if (isSocket) {
    verdict.error(`${path}.address`, socketProblem(address.slice(UNIX.length)));
    if (Object.keys(ports).length > 0) verdict.error(`${path}.ports`, ['is set beside a socket', 'remove it']);
  } else if (address !== '' && !isAddress(address)) {
    verdict.error(`${path}.address`, known ? [`is '${address}', which is not an IP address`,
      'write an IP address, or use resolution DNS'] : fqdnProblem(address));
  }
  checkEndpointPorts(verdict, ports, path, known);
  verdict.error(`${path}.labels`, ...labelsProblems(labels));
  if (isSocket && known && known.size !== 1) verdict.error(path, ['is a socket for several ports', 'keep one port']);
}
