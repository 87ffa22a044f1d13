import { markedUpText as text } from './marked-up-text';
import type { GraphEdge, GraphNode, MeshGraph, NodeKind } from './mesh-graph';
import { groupBy } from '../manifest/group-by';

/** The fill and line colors per kind of node. Style sheets override them by class. */
const COLOURS: { readonly [K in NodeKind]: readonly [fill: string, line: string] } = {
  gateway: ['#e3d7f7', '#7a4fc9'],
  host: ['#f1eafb', '#a58bd6'],
  caller: ['#d6ecec', '#1f7f7f'],
  service: ['#dce9fb', '#2f6fc4'],
  subset: ['#eef5ff', '#7ba6dd'],
  external: ['#f2ecd9', '#9a7b1f'],
  egress: ['#e9ecef', '#6b7680'],
  blocked: ['#fbe3e3', '#c0392b'],
  missing: ['#fbe3e3', '#c0392b'],
};
const RED = '#c0392b';
const AMBER = '#a06a00';

/** The maximum number of labels per edge, and of unconnected services per row. */
const LABELS = 4;

/** Short ids for the nodes. */
export function shortIds({ nodes }: MeshGraph): ReadonlyMap<string, string> {
  return new Map(nodes.map((node, i) => [node.id, `n${i}`]));
}

/** The graph as Graphviz DOT, with one cluster per namespace. All strings are escaped. */
export function dot(graph: MeshGraph, ids = shortIds(graph)): string {
  const id = (node: string) => ids.get(node)!;
  const groups = groupBy(graph.nodes, ({ group }) => group);
  const touched = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  const lines = [...groups].flatMap(([group, nodes], i) => {
    const connected = nodes.filter(node => touched.has(node.id));
    const alone = nodes.filter(node => !touched.has(node.id));
    const content = [...connected.map(node => nodeLine(node, id(node.id))), ...(alone.length > 0 ? [shelfLine(alone, id, i)] : [])];
    if (group === '') return content;
    return [
      `  subgraph cluster_${i} {`,
      `    label=<${text(group)}>; class="namespace"; style="rounded"; color="#b8c2cc"; fontcolor="#5a6570";`,
      ...content,
      '  }',
    ];
  });
  return [
    'digraph mesh {',
    '  rankdir=LR; nodesep=0.18; ranksep=0.9; bgcolor="transparent";',
    '  fontname="Helvetica"; fontsize=11; tooltip=" ";',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica", fontsize=11, margin="0.12,0.06"];',
    '  edge [fontname="Helvetica", fontsize=9, color="#6b7680", fontcolor="#3f4a54", arrowsize=0.7];',
    ...lines,
    ...graph.edges.map(edge => edgeLine(edge, id)),
    '}',
  ].join('\n');
}

function nodeLine(node: GraphNode, id: string): string {
  const [fill, line] = COLOURS[node.kind];
  const isWrong = node.findings.some(({ severity }) => severity !== 'info');
  const border = isWrong ? `color="${RED}", penwidth=2` : `color="${line}"`;
  const shape =
    node.kind === 'blocked' || node.kind === 'missing'
      ? ', shape=octagon, style="filled"'
      : node.kind === 'gateway'
        ? ', shape=cds, style="filled"'
        : '';
  return `    ${id} [id="${id}", class="${classOf(node)}", href="#${id}", tooltip="${text(tooltip(node))}", fillcolor="${fill}", ${border}${shape}, label=<${label(node)}>];`;
}

function classOf({ kind, findings }: GraphNode): string {
  return findings.some(({ severity }) => severity !== 'info') ? `${kind} wrong` : kind;
}

function tooltip({ title, group, badges }: GraphNode): string {
  return [title, ...(group === '' ? [] : [`in ${group}`]), ...badges.map(({ details }) => details)].join(', ');
}

function label({ title, badges, findings, kind }: GraphNode): string {
  const wrong = findings.filter(({ severity }) => severity !== 'info').length;
  const second = badges.map(badge => text(badge.text));
  return [
    kind === 'subset' ? text(title) : `<B>&#160;${text(title)}&#160;</B>`,
    ...(second.length > 0 ? [`<FONT POINT-SIZE="8.5">${second.join(' · ')}</FONT>`] : []),
    ...(wrong > 0 ? [`<FONT POINT-SIZE="8.5" COLOR="${RED}">${wrong} ${wrong === 1 ? 'finding' : 'findings'}</FONT>`] : []),
  ].join('<BR/>');
}

/** Services without edges are drawn in one table, so that hundreds of them stay legible. */
function shelfLine(nodes: readonly GraphNode[], id: (node: string) => string, shelf: number): string {
  const columns = Math.max(1, Math.round(Math.sqrt(nodes.length / 2)));
  const rows: string[] = [];
  for (let i = 0; i < nodes.length; i += columns) {
    rows.push(
      `<TR>${nodes.slice(i, i + columns).map(node => cell(node, id(node.id))).join('')}</TR>`,
    );
  }
  return `    shelf${shelf} [shape=plain, style="", label=<<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="6" CELLPADDING="5">${rows.join('')}</TABLE>>];`;
}

function cell(node: GraphNode, id: string): string {
  const [fill, line] = COLOURS[node.kind];
  const colour = node.findings.some(({ severity }) => severity !== 'info') ? RED : line;
  return `<TD ID="${id}" HREF="#${id}" TOOLTIP="${text(tooltip(node))}" STYLE="ROUNDED" BGCOLOR="${fill}" COLOR="${colour}">${label(node)}</TD>`;
}

function edgeLine({ from, to, kind, labels }: GraphEdge, id: (node: string) => string): string {
  const shown = [...labels.slice(0, LABELS), ...(labels.length > LABELS ? [`and ${labels.length - LABELS} more`] : [])].map(text);
  const style = {
    route: '',
    mirror: ', style=dashed, color="#8e44ad", fontcolor="#8e44ad"',
    undecided: `, style=dashed, color="${AMBER}", fontcolor="${AMBER}"`,
    blocked: `, color="${RED}", fontcolor="${RED}", arrowhead=tee`,
  }[kind];
  return `  ${id(from)} -> ${id(to)} [class="${kind}"${shown.length > 0 ? `, label=<${shown.join('<BR/>')}>` : ''}, edgetooltip="${text(labels.join(', ') || ' ')}"${style}];`;
}
