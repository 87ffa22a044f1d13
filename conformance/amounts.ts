import type { RequestsOptions } from './requests/requests';

/** How much is judged. */
export interface Amounts {
  /** The share of documents with one field broken, and of generated sets of manifests. */
  readonly documents: number;
  /** How many generated streams of documents are read. */
  readonly streams: number;
  /** How many generated meshes our translation is judged by. */
  readonly meshes: number;
  readonly requests: RequestsOptions;
  /** How many generated meshes the mistakes in the translator are shown. */
  readonly mistakes: number;
}

/** What has to hold before a change lands. */
export const GATE: Amounts = { documents: 0.02, streams: 3000, meshes: 300, requests: { each: 12, meshes: 4, count: 10 }, mistakes: 0 };
/** All of it. */
export const FULL: Amounts = { documents: 1, streams: 50_000, meshes: 5000, requests: { each: 1, meshes: 100, count: 15 }, mistakes: 1000 };

/** A share of the full amounts. */
export function shareOf(share: number): Amounts {
  const { documents, streams, meshes, requests, mistakes } = FULL;
  const of = (count: number) => Math.max(1, Math.round(count * share));
  return {
    documents: documents * share,
    streams: of(streams),
    meshes: of(meshes),
    requests: { ...requests, each: Math.round(1 / share), meshes: of(requests.meshes) },
    mistakes: of(mistakes),
  };
}
