import { dump } from 'js-yaml';
import { factsOfObjects } from '../../cluster/facts-of-objects';
import { knownMeshConfig } from '../../cluster/mesh-config-field';
import { PINS } from '../../envoy/pins';
import type { Arguments } from '../arguments';
import { readEnvironments } from '../input/environment';
import { meshConfigFor } from '../input/mesh-config-file';
import { requireObjects, requireReadable } from '../input/told-problems';
import type { Terminal } from '../terminal';

export async function factsCommand(given: Arguments, terminal: Terminal): Promise<number> {
  const environments = await readEnvironments(given.operands.length === 0 ? ['-'] : given.operands, given);
  requireObjects(environments, terminal);
  const [environment] = environments;
  requireReadable(environment, terminal);
  const stated = meshConfigFor(environment.objects, undefined);
  const { meshConfig, unknown } = stated ? knownMeshConfig(stated) : { meshConfig: undefined, unknown: [] };
  const facts = factsOfObjects(environment.objects, meshConfig);
  terminal.print(dump(facts, { noRefs: true, lineWidth: 140, flowLevel: 3 }).trimEnd().split('\n'));
  for (const field of unknown) terminal.say(`left out: ${field} is an unknown field, which istiod ${PINS.istio} ignores`);
  const { namespaces = [], gateways = [], services = [] } = facts;
  terminal.say(`${namespaces.length} namespaces, ${gateways.length} gateways, ${services.length} services`);
  return 0;
}
