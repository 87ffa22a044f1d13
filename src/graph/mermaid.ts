import type { GraphNode, MeshGraph } from './mesh-graph';

/** The graph as a Mermaid flowchart. */
export function mermaid({ nodes, edges }: MeshGraph): string {
  const ids = new Map(nodes.map((node, i) => [node.id, `n${i}`]));
  const groups = [...new Set(nodes.map(({ group }) => group))];
  return [
    'flowchart LR',
    ...groups.flatMap((group, i) => {
      const lines = nodes.filter(node => node.group === group).map(node => `${ids.get(node.id)}${shape(node)}${classOf(node)}`);
      return group === ''
        ? lines.map(line => `  ${line}`)
        : [`  subgraph g${i}["${quoted(group)}"]`, ...lines.map(line => `    ${line}`), '  end'];
    }),
    ...edges.map(({ from, to, kind, labels }) => {
      const arrow = { route: '-->', mirror: '-.->', undecided: '-.->', blocked: '--x' }[kind];
      return `  ${ids.get(from)} ${arrow}${labels.length > 0 ? `|"${labels.map(quoted).join('<br/>')}"|` : ''} ${ids.get(to)}`;
    }),
    '  classDef external fill:#f2ecd9,stroke:#9a7b1f,color:#222',
    '  classDef blocked fill:#fbe3e3,stroke:#c0392b,color:#222',
    '  classDef wrong stroke:#c0392b,stroke-width:3px',
  ].join('\n');
}

function shape({ kind, title, badges, findings }: GraphNode): string {
  const wrong = findings.filter(({ severity }) => severity !== 'info').length;
  const label = [
    title,
    ...(badges.length > 0 ? [badges.map(({ text: badge }) => badge).join(' · ')] : []),
    ...(wrong > 0 ? [`${wrong} findings`] : []),
  ]
    .map(quoted)
    .join('<br/>');
  if (kind === 'gateway') return `>"${label}"]`;
  if (kind === 'blocked' || kind === 'missing') return `{{"${label}"}}`;
  return kind === 'subset' || kind === 'host' ? `("${label}")` : `["${label}"]`;
}

function classOf({ kind, findings }: GraphNode): string {
  if (findings.some(({ severity }) => severity !== 'info')) return ':::wrong';
  return kind === 'external' ? ':::external' : kind === 'blocked' || kind === 'missing' ? ':::blocked' : '';
}

/** Escapes a string for Mermaid: all characters except plain letters become character codes. */
function quoted(plain: string): string {
  return plain.replace(/[^\p{L}\p{N} .,:;/=*%·()@+_-]/gu, c => `#${c.codePointAt(0)};`);
}
