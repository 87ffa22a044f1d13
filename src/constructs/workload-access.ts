import { Construct } from 'constructs';
import type { Caller } from './caller';
import type { MeshService } from './mesh-service';
import { accessPath, accessPathsProblem, methodsProblem } from '../traffic/access-operation';
import { MutualTlsMode } from '../traffic/mutual-tls-mode';
import { fail, refuse } from '../traffic/problem';
import type { StringMatch } from '../traffic/string-match';

/**
 * Who may call a service.
 */
export interface WorkloadAccessProps {
  /** The service. Its pods have to be known: by MeshService.fromService(), or by its `selector`. */
  readonly service: MeshService;
  /**
   * Whether callers have to use mutual TLS.
   * @default - what holds for the namespace, else for the mesh, else PERMISSIVE
   */
  readonly mode?: MutualTlsMode;
  /**
   * Who may call. As soon as somebody is named, everybody else gets 403 on every port of the pods, or a closed connection where Envoy sees no
   * requests. Those whom other WorkloadAccesses of the service name may call too.
   * @default - this one names nobody
   */
  readonly callers?: Caller[];
  /**
   * The only methods that these callers may use. On HTTP ports.
   * @default - every method
   */
  readonly methods?: string[];
  /**
   * The only paths that these callers may use, without query, as the pods see them: `exact` or `prefix`. On HTTP ports.
   * @default - every path
   */
  readonly paths?: StringMatch[];
  /**
   * The only ports of the service that all of this is about, the mode included.
   * @default - every port
   */
  readonly ports?: number[];
}

/**
 * Who may call a service, and whether by mutual TLS: enforced by the sidecars of its pods. All WorkloadAccesses of a service become one
 * PeerAuthentication and one AuthorizationPolicy, named after the service; their callers add up.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export class WorkloadAccess extends Construct {
  constructor(scope: Construct, id: string, props: WorkloadAccessProps) {
    super(scope, id);
    const { service, mode, callers, methods, paths, ports } = props;
    const access = service._access(this);
    if (mode === undefined && callers === undefined) fail(this, 'neither mode nor callers is stated; state one of them');
    if (ports?.length === 0) fail(this, 'ports is an empty list, which would be about nothing; name ports, or leave it out for all');
    if (callers === undefined && (methods || paths)) fail(this, `${methods ? 'methods' : 'paths'} is stated without callers; name who may use them`);
    refuse(this, callers?.length === 0 ? 'callers is an empty list, so that it allows nobody; name callers, or state denyByDefault by an AccessPolicy' : undefined,
      ...(callers ?? []).map(caller => caller._problem()), methods && methodsProblem(methods), paths && accessPathsProblem(paths));
    if (methods || paths) this.requireHttp(service, ports);
    const sources = callers?.map(caller => caller._source(service.namespace)) ?? [];
    if (sources.length > 1 && sources.includes(undefined)) fail(this, 'callers names Caller.anyone() beside others, who are among them; leave the others out');
    const known = sources.filter(source => source !== undefined);
    if (mode === MutualTlsMode.DISABLE && known.length > 0) {
      fail(this, 'mode is DISABLE beside callers, who are known by mutual TLS only; use STRICT or PERMISSIVE, or allow Caller.anyone()');
    }
    if (mode) access.addMode(this.node.path, ports, mode);
    if (callers === undefined) return;
    access.addRule({
      path: this.node.path,
      from: known.length === 0 ? undefined : {
        principals: known.flatMap(source => source.principals ?? []),
        namespaces: known.flatMap(source => source.namespaces ?? []),
      },
      ports,
      methods,
      paths: paths?.map(accessPath),
    });
  }

  /** Istio leaves a rule about requests out where Envoy sees none, and then nobody gets in. */
  private requireHttp(service: MeshService, ports: readonly number[] | undefined): void {
    const lost = ports?.find(port => !service.httpPorts.includes(port));
    if (lost === undefined && service.httpPorts.length > 0) return;
    fail(this, `methods and paths are known on HTTP ports only, and ${lost === undefined ? `'${service.serviceName}' has none` : `port ${lost} is none`}; `
      + `use ${service.httpPorts.length > 0 ? `one of ${service.httpPorts.join(', ')}` : 'an HTTP port'}, or leave methods and paths out`);
  }
}
