// istiod's validating webhook, which an API server asks over HTTPS.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"

	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/webhooks/validation/server"
)

func main() {
	address := flag.String("address", "", "the address of the webhook")
	certificate := flag.String("certificate", "", "the file of its certificate")
	key := flag.String("key", "", "the file of the certificate's key")
	flag.Parse()
	fmt.Fprintln(os.Stderr, serve(*address, *certificate, *key))
	os.Exit(1)
}

func serve(address, certificate, key string) error {
	mux := http.NewServeMux()
	if _, err := server.New(server.Options{Schemas: collections.PilotGatewayAPI(), DomainSuffix: "cluster.local", Mux: mux}); err != nil {
		return err
	}
	return http.ListenAndServeTLS(address, certificate, key, mux)
}
