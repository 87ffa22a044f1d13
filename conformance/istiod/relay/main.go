// A relay between istiod and an Envoy that lacks the extensions of Istio's build. It passes each answer of istiod on as it is pushed,
// adapted to the loopback interface in the same way as the static bootstrap of the suite (conformance/envoy/bootstrap.ts).
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// largest is the limit of a message, which must hold the configuration of a whole mesh.
const largest = 1 << 28

type relay struct {
	discovery.UnimplementedAggregatedDiscoveryServiceServer
	istiod *grpc.ClientConn
	// listeners are the names of those that Envoy opens.
	listeners map[string]bool
}

func main() {
	istiod := flag.String("istiod", "", "the address of istiod's xDS in plaintext")
	address := flag.String("listen", "", "the address for Envoys")
	listeners := flag.String("listeners", "", "the names of the listeners to open, separated by commas")
	flag.Parse()
	if err := run(*istiod, *address, strings.Split(*listeners, ",")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(istiod, address string, listeners []string) error {
	conn, err := grpc.NewClient(istiod, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(largest)))
	if err != nil {
		return err
	}
	r := &relay{istiod: conn, listeners: map[string]bool{}}
	for _, name := range listeners {
		r.listeners[name] = true
	}
	socket, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(largest))
	discovery.RegisterAggregatedDiscoveryServiceServer(server, r)
	return server.Serve(socket)
}

// StreamAggregatedResources joins the stream of an Envoy with one of its own to istiod.
func (r *relay) StreamAggregatedResources(envoy discovery.AggregatedDiscoveryService_StreamAggregatedResourcesServer) error {
	ctx, cancel := context.WithCancel(envoy.Context())
	defer cancel()
	istiod, err := discovery.NewAggregatedDiscoveryServiceClient(r.istiod).StreamAggregatedResources(ctx)
	if err != nil {
		return err
	}
	ended := make(chan error, 2)
	go func() {
		for {
			request, err := envoy.Recv()
			if err == nil {
				reportRefusal(request)
				err = istiod.Send(request)
			}
			if err != nil {
				ended <- err
				return
			}
		}
	}()
	go func() {
		for {
			response, err := istiod.Recv()
			if err == nil {
				err = r.adapt(response)
			}
			if err == nil {
				err = envoy.Send(response)
			}
			if err != nil {
				ended <- err
				return
			}
		}
	}()
	return <-ended
}

// reportRefusal prints what Envoy refuses; the harness fails if anything is printed.
func reportRefusal(request *discovery.DiscoveryRequest) {
	if detail := request.GetErrorDetail(); detail != nil {
		fmt.Fprintf(os.Stderr, "%s refuses %s: %s\n", request.GetNode().GetId(), request.GetTypeUrl(), detail.GetMessage())
	}
}

func loopback(port uint32) *core.Address {
	return &core.Address{Address: &core.Address_SocketAddress{SocketAddress: &core.SocketAddress{
		Address: "127.0.0.1", PortSpecifier: &core.SocketAddress_PortValue{PortValue: port},
	}}}
}
