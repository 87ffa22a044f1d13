/** What a node stands for. */
export type NodeKind =
  | 'gateway'
  /** A host that a gateway serves, or that only routes know. */
  | 'host'
  /** The proxies that `--from` names. */
  | 'caller'
  | 'service'
  | 'subset'
  /** A host outside of the mesh that it knows. */
  | 'external'
  /** What leaves the mesh where not everything may. */
  | 'egress'
  /** Where blocked requests end. */
  | 'blocked'
  /** A destination that the proxy does not have. */
  | 'missing';

/** A word at a node, such as `outlier detection`; the details say more. */
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
  /** The namespace, or what else it belongs to. */
  readonly group: string;
  readonly badges: readonly Badge[];
  readonly findings: readonly GraphFinding[];
  /** What is done to requests, one line a route. */
  readonly routes: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'route' | 'mirror' | 'blocked';
  /** Shares and conditions, one a route. */
  readonly labels: readonly string[];
}

/** Who calls what. */
export interface MeshGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The graph around one node: it, its subsets, and what they touch. */
export function focusOn({ nodes, edges }: MeshGraph, id: string): MeshGraph {
  const own = new Set([id, ...nodes.filter(node => node.id.startsWith(`${id}|`)).map(node => node.id)]);
  const touched = edges.filter(({ from, to }) => own.has(from) || own.has(to));
  const kept = new Set([...own, ...touched.flatMap(({ from, to }) => [from, to])]);
  return { nodes: nodes.filter(node => kept.has(node.id)), edges: edges.filter(({ from, to }) => kept.has(from) && kept.has(to)) };
}
