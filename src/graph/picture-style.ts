/** How pictures look at night: rules for the classes that `dot` gives. */
export const NIGHT = [
  'text { fill: #dfe6ec; }',
  '.edge text { fill: #aab6c0; } .edge path { stroke: #8996a2; } .edge polygon { fill: #8996a2; stroke: #8996a2; }',
  '.cluster > path { stroke: #4a5662; } .cluster text { fill: #9aa7b3; }',
  '.service path, .service polygon { fill: #1f3a5c; } .subset path { fill: #17293f; } .gateway polygon, .gateway path { fill: #3a2a5c; } .host path { fill: #2b2240; }',
  '.external path, .external polygon { fill: #4a3f1c; } .egress path { fill: #2b333b; } .caller path { fill: #174444; }',
  '.blocked polygon, .missing polygon { fill: #5c2320; }',
  'a > path[fill^="#d"], a > path[fill^="#e"], a > path[fill^="#f"] { fill: #1f3a5c; }',
  '.mirror path { stroke: #b98ad4; } .mirror polygon { fill: #b98ad4; stroke: #b98ad4; } .mirror text { fill: #b98ad4; }',
].join(' ');
