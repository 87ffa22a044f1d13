import { NIGHT } from './picture-style';

/** The dark-mode rules, applied by the switch of the page. */
const PAGE_NIGHT = NIGHT.replace(
  /([^{}]+)\{/g,
  (_, selectors: string) => `${selectors.split(',').map(s => `html.dark #picture ${s.trim()}`).join(', ')} {`,
);

/** The style sheet of the page. */
export const PAGE_STYLE = `
:root { color-scheme: light; --back: #ffffff; --ink: #1d2530; --soft: #5a6570; --line: #d5dbe1; --panel: #f6f8fa; --red: #c0392b; --mark: #ffb300; }
html.dark { color-scheme: dark; --back: #12171d; --ink: #dfe6ec; --soft: #9aa7b3; --line: #35404b; --panel: #1a2129; --red: #ff8a7a; --mark: #ffb300; }
* { box-sizing: border-box; }
html, body { margin: 0; height: 100%; background: var(--back); color: var(--ink); font: 14px/1.45 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
body { display: flex; flex-direction: column; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .5rem 1rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
input, button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .6rem; }
button { cursor: pointer; }
.buttons { margin-left: auto; display: flex; gap: .25rem; }
#count { color: var(--soft); min-width: 6em; }
main { flex: 1; display: flex; min-height: 0; }
#picture { flex: 1; min-width: 0; overflow: hidden; cursor: grab; touch-action: none; }
#picture.dragging { cursor: grabbing; }
#picture > svg { width: 100%; height: 100%; display: block; }
:focus-visible { outline: 3px solid var(--mark); outline-offset: -2px; }
#picture a { cursor: pointer; }
#picture a:focus-visible > path, #picture a:focus-visible > polygon { stroke: var(--mark); stroke-width: 4px; }
#picture .found path, #picture .found polygon { stroke: var(--mark); stroke-width: 4px; }
#picture .chosen path, #picture .chosen polygon { stroke: var(--mark); stroke-width: 5px; }
#picture.searching g.node:not(.found):not(:has(.found)), #picture.searching g.node:has(.found) > g:not(.found), #picture.searching g.edge { opacity: .25; }
#details { width: min(26rem, 45vw); overflow: auto; padding: 1rem; border-left: 1px solid var(--line); background: var(--panel); overflow-wrap: anywhere; }
#details[hidden] { display: none; }
#details h2 { margin: 0 0 .25rem; font-size: 1.1rem; }
#details h3 { margin: 1rem 0 .25rem; font-size: .85rem; color: var(--soft); text-transform: uppercase; letter-spacing: .04em; }
#details ul { margin: 0; padding-left: 1.1rem; }
#details li { margin-bottom: .35rem; }
#details .soft { color: var(--soft); }
#details .error, #details .warning { color: var(--red); }
#details .close { float: right; }
${PAGE_NIGHT}
`;
