/** What a node represents. */
export type NodeKind =
  | 'gateway'
  /** A host that a gateway serves, or that exists only in routes. */
  | 'host'
  /** The proxies of `--from`. */
  | 'caller'
  | 'service'
  | 'subset'
  /** A known host outside of the mesh. */
  | 'external'
  /** The calls out of namespaces that may not call every host. */
  | 'egress'
  /** The end of blocked requests. */
  | 'blocked'
  /** A destination that the proxy does not have. */
  | 'missing';

/** A label of a node, such as `outlier detection`, with details. */
export interface Badge {
  readonly text: string;
  readonly details: string;
}

export interface GraphFinding {
  readonly severity: 'error' | 'warning' | 'info';
  readonly rule: string;
  readonly message: string;
  readonly repair: string;
}

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  /** The namespace, or another group. */
  readonly group: string;
  readonly badges: readonly Badge[];
  readonly findings: readonly GraphFinding[];
  /** What happens to requests, one line per route. */
  readonly routes: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `undecided` is for calls about which the input does not decide, such as those that an external authorizer decides. */
  readonly kind: 'route' | 'mirror' | 'undecided' | 'blocked';
  /** Shares and conditions, one per route. */
  readonly labels: readonly string[];
}

/** The graph of calls. */
export interface MeshGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The graph around one node: the node, its subsets and their neighbors. */
export function focusOn({ nodes, edges }: MeshGraph, id: string): MeshGraph {
  const own = new Set([id, ...nodes.filter(node => node.id.startsWith(`${id}|`)).map(node => node.id)]);
  const touched = edges.filter(({ from, to }) => own.has(from) || own.has(to));
  const kept = new Set([...own, ...touched.flatMap(({ from, to }) => [from, to])]);
  return { nodes: nodes.filter(node => kept.has(node.id)), edges: edges.filter(({ from, to }) => kept.has(from) && kept.has(to)) };
}
