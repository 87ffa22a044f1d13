import { dump } from 'js-yaml';
import { factsOfObjects } from '../../cluster/facts-of-objects';
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
  const facts = factsOfObjects(environment.objects, meshConfigFor(environment.objects, undefined));
  terminal.print(dump(facts, { noRefs: true, lineWidth: 140, flowLevel: 3 }).trimEnd().split('\n'));
  const { namespaces = [], gateways = [], services = [] } = facts;
  terminal.say(`${namespaces.length} namespaces, ${gateways.length} gateways, ${services.length} services`);
  return 0;
}
