export { clusterName } from './cluster-name';
export type { MeshConfigFields } from './mesh-config';
export type { Note } from './note';
export type { Proxy } from './proxy';
export type { Cluster, Json, Listener, Origin, ProxyConfig, Route, RouteConfiguration, VirtualHost } from './proxy-config';
export type { TranslatorOptions } from './translator';
export { Translator } from './translator';
