import type { Server as HttpServer } from 'node:http';
import { createServer as createHttp } from 'node:http';
import type { Http2Server } from 'node:http2';
import { createServer as createGrpc } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Json } from '../istiod/client';

/** What an external authorizer answers. */
export type Answer = 'allows' | 'denies';

export const ANSWERS: readonly Answer[] = ['allows', 'denies'];

/** `envoy.service.auth.v3.CheckResponse` as bytes: an empty message allows, and a status with the code 7, PERMISSION_DENIED, denies. */
const RESPONSES: { readonly [A in Answer]: readonly number[] } = { allows: [], denies: [0x0a, 2, 0x08, 7] };

/** External authorizers by HTTP and gRPC, which allow or deny whatever they are asked. */
export class Authorizers {
  public static async start(): Promise<Authorizers> {
    const servers = await Promise.all(ANSWERS.flatMap(answer => [opened(`${answer} by gRPC`, grpcServer(answer)), opened(
      `${answer} by HTTP`,
      httpServer(answer),
    )]));
    return new Authorizers(servers);
  }

  private constructor(private readonly servers: readonly Opened[]) {}

  /** The clusters of Envoy that lead to them. */
  public get clusters(): readonly Json[] {
    return this.servers.map(({ name, server }) => ({
      name,
      type: 'STATIC',
      connectTimeout: '5s',
      ...(name.endsWith('gRPC') && {
        typedExtensionProtocolOptions: {
          'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
            '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
            'explicitHttpConfig': { http2ProtocolOptions: {} },
          },
        },
      }),
      loadAssignment: {
        clusterName: name,
        endpoints: [{
          lbEndpoints: [{ endpoint: { address: { socketAddress: { address: '127.0.0.1', portValue: (server.address() as AddressInfo).port } } } }],
        }],
      },
    }));
  }

  public stop(): void {
    this.servers.forEach(({ server }) => server.close());
  }
}

interface Opened {
  readonly name: string;
  readonly server: HttpServer | Http2Server;
}

async function opened(name: string, server: HttpServer | Http2Server): Promise<Opened> {
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve); });
  server.unref();
  return { name, server };
}

function httpServer(answer: Answer): HttpServer {
  return createHttp((_, response) => response.writeHead(answer === 'allows' ? 200 : 403).end());
}

function grpcServer(answer: Answer): Http2Server {
  const message = RESPONSES[answer];
  return createGrpc().on('stream', stream => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.resume().on('end', () => stream.end(Buffer.from([0, 0, 0, 0, message.length, ...message])));
  });
}

/** A filter that asks the authorizer with an answer, in place of the one that it names. */
export function asking(filter: Json, answer: Answer): Json {
  const { grpcService, httpService, ...config } = filter.typedConfig;
  return {
    ...filter,
    typedConfig: {
      ...config,
      ...(grpcService && { grpcService: { ...grpcService, envoyGrpc: { ...grpcService.envoyGrpc, clusterName: `${answer} by gRPC` } } }),
      ...(httpService && { httpService: { ...httpService, serverUri: { ...httpService.serverUri, cluster: `${answer} by HTTP` } } }),
    },
  };
}
