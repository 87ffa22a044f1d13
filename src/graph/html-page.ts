import { shortIds } from './dot';
import { markedUpText } from './marked-up-text';
import type { MeshGraph } from './mesh-graph';
import { PAGE_SCRIPT } from './page-script';
import { PAGE_STYLE } from './page-style';
import { plainText } from '../manifest/plain-text';

/** A self-contained page: the picture, the details of its nodes, and the script to navigate. It loads nothing. */
export function htmlPage(picture: string, graph: MeshGraph, title: string): string {
  const [ids, neighbors] = [shortIds(graph), neighborsIn(graph)];
  const data = graph.nodes.map(node => ({ ...node, id: ids.get(node.id), neighbors: neighbors.get(node.id) ?? [] }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Traffic of ${markedUpText(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>Traffic of ${markedUpText(title)}</h1>
<input id="search" type="search" placeholder="Search ( / )" aria-label="Search services" autocomplete="off">
<span id="count" aria-live="polite"></span>
<span class="buttons">
<button id="out" title="Zoom out ( - )" aria-label="Zoom out">&minus;</button><button id="in" title="Zoom in ( + )" aria-label="Zoom in">+</button>
<button id="fit" title="Show everything ( 0 )">Fit</button><button id="theme" title="Light or dark ( t )">Light / dark</button>
</span>
</header>
<main>
<div id="picture" tabindex="0" role="application" aria-label="The graph: arrows move it, plus and minus zoom, Tab walks through services, Enter opens one">${picture}</div>
<aside id="details" hidden aria-live="polite"></aside>
</main>
<script id="data" type="application/json">${JSON.stringify(data, plainStrings).replace(/</g, '\\u003c')}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

/** The page writes the strings as they are. */
function plainStrings(_: string, value: unknown): unknown {
  return typeof value === 'string' ? plainText(value) : value;
}

/** The neighbors of each node, in both directions. */
function neighborsIn(graph: MeshGraph): ReadonlyMap<string, readonly object[]> {
  const ids = shortIds(graph);
  const neighbors = new Map<string, object[]>();
  const add = (of: string, other: string, edge: object) => {
    const list = neighbors.get(of) ?? neighbors.set(of, []).get(of)!;
    list.push({ id: ids.get(other), ...edge });
  };
  for (const { from, to, kind, labels } of graph.edges) {
    add(from, to, { outwards: true, kind, labels });
    add(to, from, { outwards: false, kind, labels });
  }
  return neighbors;
}
