import { markedUpText } from './marked-up-text';
import type { MeshGraph } from './mesh-graph';
import { PAGE_SCRIPT } from './page-script';
import { PAGE_STYLE } from './page-style';

/** One page with everything in it: the picture, what stands behind it, and what lets one look around. It loads nothing. */
export function htmlPage(picture: string, { nodes, edges }: MeshGraph, title: string): string {
  const data = nodes.map((node, i) => ({ ...node, id: `n${i}`, neighbours: neighbours(node.id, nodes.map(n => n.id), edges) }));
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
<script id="data" type="application/json">${JSON.stringify(data).replace(/</g, '\\u003c')}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function neighbours(id: string, ids: readonly string[], edges: MeshGraph['edges']): object[] {
  return edges.filter(({ from, to }) => from === id || to === id).map(({ from, to, kind, labels }) => (
    { id: `n${ids.indexOf(from === id ? to : from)}`, outwards: from === id, kind, labels }));
}
