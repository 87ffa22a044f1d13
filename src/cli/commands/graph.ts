import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { callerClasses } from '../../diff/caller-classes';
import { callersOf } from '../../diff/callers';
import { ProxyTraffic } from '../../diff/proxy-traffic';
import { notJudgedLine } from '../../edge/not-judged';
import { meshConfigOf } from '../../envoy/mesh-config';
import { buildAccessGraph } from '../../graph/access-graph';
import { dot } from '../../graph/dot';
import { buildGraph } from '../../graph/graph-builder';
import { htmlPage } from '../../graph/html-page';
import { mermaid } from '../../graph/mermaid';
import type { GraphNode, MeshGraph } from '../../graph/mesh-graph';
import { focusOn } from '../../graph/mesh-graph';
import { svg } from '../../graph/svg';
import { nearest } from '../../traffic/nearest';
import type { Arguments } from '../arguments';
import { findIn } from '../findings/find';
import { png } from '../graph/png';
import type { Environment } from '../input/environment';
import { readEnvironments } from '../input/environment';
import { proxyFrom } from '../input/proxy-option';
import { requireSelected } from '../input/selected-gateway';
import { requireObjects, requireReadable } from '../input/told-problems';
import { translationOf } from '../input/translation';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

type Draw = (graph: MeshGraph, title: string) => Promise<string | Uint8Array>;

const FORMATS: { readonly [ending: string]: Draw } = {
  '.dot': async graph => `${dot(graph)}\n`,
  '.mmd': async graph => `${mermaid(graph)}\n`,
  '.svg': svg,
  '.html': async (graph, title) => htmlPage(await svg(graph), graph, title),
  '.png': async graph => png(await svg(graph)),
};

export async function graphCommand(given: Arguments, terminal: Terminal): Promise<number> {
  const output = given.get('output');
  const draw = output === undefined ? FORMATS['.dot'] : FORMATS[extname(output).toLowerCase()];
  if (!draw) throw new UsageError(`--output: '${output}' ends in none of ${Object.keys(FORMATS).join(', ')}; use one of these extensions`);
  const environments = await readEnvironments(given.operands, given);
  requireObjects(environments, terminal);
  if (environments.length > 1 && output === undefined) {
    throw new UsageError('--each draws several pictures; add --output FILE, and each picture gets its folder\'s name');
  }
  for (const environment of environments) {
    requireReadable(environment, terminal);
    const graph = graphOf(environment, given, terminal);
    if (output === undefined) {
      terminal.print(dot(graph).split('\n'));
      continue;
    }
    const drawn = await draw(graph, environment.name ?? given.operands.join(' '));
    save(environment.name === undefined ? output : beforeEnding(output, environment.name), drawn, graph, terminal);
  }
  return 0;
}

function graphOf(environment: Environment, given: Arguments, terminal: Terminal): MeshGraph {
  const alone = proxyFrom(given);
  if (alone) requireSelected(alone, environment, terminal);
  const { objects, meshConfig, translator, edge } = translationOf(environment, given);
  if (given.is('access')) {
    if (alone) throw new UsageError('--access draws the callers of all pods; omit --from and --gateway, or add --focus SERVICE');
    for (const entry of edge.allBesideAccess) terminal.say(notJudgedLine(entry));
    const { rootNamespace } = meshConfigOf(meshConfig);
    const defaultNamespace = given.get('namespace') ?? 'default';
    const gateways = callersOf(objects, defaultNamespace).filter(({ type }) => type === 'gateway');
    return focusedOn(given, buildAccessGraph(objects, { translator, edge, gateways, rootNamespace, defaultNamespace }));
  }
  const callers = alone ? [alone] : callersOf(objects, given.get('namespace'));
  const classes = callerClasses(callers, objects, [meshConfig]);
  const sent = classes.map(({ representative, members }, i) => {
    terminal.progress('callers translated', i, classes.length);
    const traffic = new ProxyTraffic(translator.translate(representative));
    return { caller: representative, namespaces: members.map(({ namespace }) => namespace), traffic };
  });
  for (const entry of alone ? edge.at(alone).notJudged() : edge.all) terminal.say(notJudgedLine(entry));
  const graph = buildGraph(objects, sent, findIn(environment, given), alone !== undefined);
  return focusedOn(given, graph);
}

function focusedOn(given: Arguments, graph: MeshGraph): MeshGraph {
  const focus = given.get('focus');
  return focus === undefined ? graph : focusOn(graph, focused(graph, focus).id);
}

function focused({ nodes }: MeshGraph, name: string): GraphNode {
  const services = nodes.filter(({ kind }) => kind === 'service' || kind === 'external');
  const found = services.filter(node => [node.title, `${node.title}.${node.group}`, node.id.slice('service '.length)].includes(name));
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    throw new UsageError(
      `--focus: ${found.map(node => `${node.title}.${node.group}`).join(' and ')} are both '${name}'; add the namespace`,
    );
  }
  const close = nearest(name, services.map(({ title }) => title));
  throw new UsageError(`--focus: unknown service '${name}'${close === undefined ? '' : `; did you mean ${close}?`}`);
}

function save(file: string, drawn: string | Uint8Array, { nodes, edges }: MeshGraph, terminal: Terminal): void {
  try {
    writeFileSync(file, drawn);
  } catch (error) {
    throw new UsageError(
      `--output: '${file}' cannot be written (${(error as NodeJS.ErrnoException).code}); name a file in an existing folder`,
    );
  }
  terminal.say(`${file}: ${nodes.length} nodes, ${edges.length} edges`);
}

function beforeEnding(file: string, name: string): string {
  const ending = extname(file);
  return `${file.slice(0, -ending.length)}.${name}${ending}`;
}
