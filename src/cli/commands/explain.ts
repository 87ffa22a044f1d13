import { describeCaller } from '../../diff/callers';
import type { NotJudged } from '../../edge/not-judged';
import { notJudgedLine } from '../../edge/not-judged';
import { parseClusterName } from '../../envoy/cluster-name';
import type { ProxyConfig } from '../../envoy/proxy-config';
import { describeRefusal, resourceRefusals } from '../../envoy/refusals/resource-refusals';
import { describeObject } from '../../manifest/kubernetes-object';
import type { Arguments } from '../arguments';
import { configOfHost } from '../explain/chosen-host';
import { explainInbound } from '../explain/inbound-command';
import { textExplanation } from '../explain/text-explanation';
import { withNamedRoutes } from '../explain/waypoint-routes';
import { readEnvironments } from '../input/environment';
import type { Environment } from '../input/environment';
import { requiredProxy } from '../input/proxy-option';
import { requireSelected } from '../input/selected-gateway';
import { requireWaypoint } from '../input/selected-waypoint';
import { requireObjects, requireReadable } from '../input/told-problems';
import { translationOf } from '../input/translation';
import { styled } from '../line';
import type { Terminal } from '../terminal';

export async function explainCommand(given: Arguments, terminal: Terminal): Promise<number> {
  if (given.is('inbound')) return explainInbound(given, terminal);
  const proxy = requiredProxy(given);
  const environments = await readEnvironments(given.operands, given);
  requireObjects(environments, terminal);
  const explained = environments.map(environment => {
    requireReadable(environment, terminal);
    requireSelected(proxy, environment, terminal);
    const { translator, edge } = translationOf(environment, given);
    const host = given.get('host');
    const isNamed = proxy.type === 'waypoint' && (host !== undefined || given.get('format') !== 'json');
    requireWaypoint(proxy, translator);
    const sent = translator.translate(proxy);
    const config = isNamed ? withNamedRoutes(sent) : sent;
    if (host === undefined) return { environment, config, notJudged: edge.at(proxy).notJudged() };
    const chosen = configOfHost(config, host);
    const taking = chosen.clusters.flatMap(({ name }) => parseClusterName(name)?.host ?? []);
    return { environment, config: chosen, notJudged: edge.at(proxy).notJudged({ asked: [host], taking }) };
  });
  if (given.get('format') === 'json') {
    const records = explained.map(({ environment, config, notJudged }) => record(environment, config, notJudged));
    terminal.printJson(given.is('each') ? { environments: records } : records[0]);
    return 0;
  }
  for (const { environment: { name, objects }, config, notJudged } of explained) {
    if (name !== undefined) terminal.print([[styled(`== ${name}`, 'bold')]]);
    terminal.say(`what istiod sends the ${describeCaller(proxy)}`);
    const lines = textExplanation(config, given.get('host') !== undefined, objects);
    if (lines.length === 0) terminal.say('the proxy knows no host: it sees no Service and no ServiceEntry of the input');
    else terminal.print(lines);
    for (const refusal of resourceRefusals(config)) terminal.say(`refused: ${describeRefusal(refusal)}`);
    for (const entry of notJudged) terminal.say(notJudgedLine(entry));
    for (const { message, object } of config.notes) terminal.say(`note: ${object ? `${describeObject(object)}: ` : ''}${message}`);
  }
  return 0;
}

function record({ name }: Environment, config: ProxyConfig, notJudged: readonly NotJudged[]): object {
  const { routes, clusters, listeners, notes, endpoints } = config;
  return {
    ...(name === undefined ? {} : { environment: name }),
    routes,
    clusters,
    listeners,
    endpoints,
    refused: resourceRefusals(config),
    notJudged,
    notes: notes.map(({ message, object }) => ({ message, ...(object ? { object: describeObject(object) } : {}) })),
  };
}
