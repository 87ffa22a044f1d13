/** Pictures in dark mode: rules for the classes of `dot`, general rules before special ones. */
export const NIGHT = [
  'text { fill: #dfe6ec; } text[fill="#c0392b"] { fill: #ff8a7a; }',
  ':where(a) path[fill="#dce9fb"] { fill: #1f3a5c; } :where(a) path[fill="#f2ecd9"] { fill: #4a3f1c; }',
  '.edge text { fill: #aab6c0; } .edge path { stroke: #8996a2; } .edge polygon { fill: #8996a2; stroke: #8996a2; }',
  '.cluster path { stroke: #4a5662; } .cluster text { fill: #9aa7b3; }',
  '.subset path { fill: #17293f; } .gateway polygon { fill: #3a2a5c; } .host path { fill: #2b2240; } .egress path { fill: #2b333b; }',
  '.service path { fill: #1f3a5c; } .external path { fill: #4a3f1c; } .caller path { fill: #174444; } .blocked polygon, .missing polygon { fill: #5c2320; }',
  '.mirror path { stroke: #b98ad4; } .mirror polygon { fill: #b98ad4; stroke: #b98ad4; } .mirror text { fill: #b98ad4; }',
].join(' ');
