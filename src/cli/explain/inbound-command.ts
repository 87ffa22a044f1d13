import { inboundExplanation } from './inbound-explanation';
import { describeCaller } from '../../diff/callers';
import { notJudgedLine } from '../../edge/not-judged';
import type { Proxy } from '../../envoy/proxy';
import type { InboundConfig } from '../../envoy/proxy-config';
import { describeObject } from '../../manifest/kubernetes-object';
import type { Arguments } from '../arguments';
import { readEnvironments } from '../input/environment';
import { requiredProxy } from '../input/proxy-option';
import { requireObjects, requireReadable } from '../input/told-problems';
import { translationOf } from '../input/translation';
import { styled } from '../line';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

/** What istiod sends the sidecars of some pods for the connections to them. */
export async function explainInbound(given: Arguments, terminal: Terminal): Promise<number> {
  const stated = requiredProxy(given);
  if (stated.type !== 'sidecar') {
    throw new UsageError(`--inbound is about the pods of --from; explain without it shows the listeners of a ${stated.type}`);
  }
  if (given.get('host') !== undefined) throw new UsageError('--inbound and --host contradict each other: --inbound shows the connections to the pods of --from; use one of them');
  const environments = await readEnvironments(given.operands, given);
  requireObjects(environments, terminal);
  const explained = environments.map(environment => {
    requireReadable(environment, terminal);
    const { translator, edge } = translationOf(environment, given);
    const sidecars = translator.sidecarsOf(stated).map(proxy => ({ proxy, config: translator.inbound(proxy) }));
    return { environment, sidecars, notJudged: edge.at(stated).inbound() };
  });
  if (given.get('format') === 'json') {
    const records = explained.map(({ environment: { name }, sidecars, notJudged }) => ({
      ...(name === undefined ? {} : { environment: name }), sidecars: sidecars.map(({ proxy, config }) => record(proxy, config)), notJudged,
    }));
    terminal.printJson(given.is('each') ? { environments: records } : records[0]);
    return 0;
  }
  for (const { environment: { name }, sidecars, notJudged } of explained) {
    if (name !== undefined) terminal.print([[styled(`== ${name}`, 'bold')]]);
    for (const { proxy, config } of sidecars) {
      terminal.say(`what istiod sends the ${describeCaller(proxy)} for the connections to its pod`);
      terminal.print(inboundExplanation(config));
      for (const { message, object } of config.notes) terminal.say(`note: ${object ? `${describeObject(object)}: ` : ''}${message}`);
    }
    for (const entry of notJudged) terminal.say(notJudgedLine(entry));
  }
  return 0;
}

function record({ namespace, labels = {} }: Proxy, { listeners, clusters, notes }: InboundConfig): object {
  const told = notes.map(({ message, object }) => ({ message, ...(object ? { object: describeObject(object) } : {}) }));
  return { namespace, labels, listeners, clusters, notes: told };
}
