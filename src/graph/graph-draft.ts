import type { Badge, GraphEdge, GraphFinding, GraphNode, MeshGraph, NodeKind } from './mesh-graph';

interface DraftNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  readonly group: string;
  readonly badges: Map<string, Set<string>>;
  readonly findings: GraphFinding[];
  readonly routes: string[];
}

/** A graph under construction. Adding a node or edge again has no effect. */
export class GraphDraft {
  private readonly nodes = new Map<string, DraftNode>();
  private readonly edges = new Map<
    string,
    { readonly from: string; readonly to: string; readonly kind: GraphEdge['kind']; readonly labels: Set<string> }
  >();

  public has(id: string): boolean {
    return this.nodes.has(id);
  }

  public node(id: string, kind: NodeKind, title: string, group: string): DraftNode {
    let node = this.nodes.get(id);
    if (!node) {
      node = { id, kind, title, group, badges: new Map(), findings: [], routes: [] };
      this.nodes.set(id, node);
    }
    return node;
  }

  public edge(from: string, to: string, kind: GraphEdge['kind'], label: string): void {
    const key = `${kind} ${from} ${to}`;
    let edge = this.edges.get(key);
    if (!edge) {
      edge = { from, to, kind, labels: new Set() };
      this.edges.set(key, edge);
    }
    if (label !== '') edge.labels.add(label);
  }

  public badge(id: string, text: string, details: string): void {
    const badges = this.nodes.get(id)?.badges;
    if (!badges) return;
    const known = badges.get(text);
    if (known) known.add(details);
    else badges.set(text, new Set([details]));
  }

  public finding(id: string, finding: GraphFinding): void {
    this.nodes.get(id)?.findings.push(finding);
  }

  public finished(): MeshGraph {
    const nodes = [...this.nodes.values()].map(({ badges, ...node }): GraphNode => ({ ...node, badges: [...badges].map(toBadge) }));
    return { nodes, edges: [...this.edges.values()].map(edge => ({ ...edge, labels: [...edge.labels] })) };
  }
}

function toBadge([text, details]: [string, Set<string>]): Badge {
  return { text, details: [...details].join('; ') };
}
