// istiod's discovery server, to which Envoys subscribe over gRPC. Objects of Istio are created and changed one at a time, and each change
// is pushed as in a cluster.
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/test"
)

// debounce is how long istiod waits for further changes before it pushes: its default, PILOT_DEBOUNCE_AFTER.
const debounce = 100 * time.Millisecond

func main() {
	xdsAddress := flag.String("xds", "", "the address of xDS in plaintext")
	address := flag.String("http", "", "the address to which objects are posted")
	flag.Parse()
	if err := run(*xdsAddress, *address); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(xdsAddress, address string) error {
	return test.Wrap(func(t test.Failer) {
		server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
			ListenerBuilder: func() (net.Listener, error) { return net.Listen("tcp", xdsAddress) },
			DebounceTime:    debounce,
		})
		t.Fatal(http.ListenAndServe(address, handler(server.Store())))
	})
}

// handler answers 200 to GET, and applies the objects of a POST.
func handler(store model.ConfigStoreController) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			return
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = apply(store, string(body))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	}
}

func apply(store model.ConfigStoreController, text string) error {
	configs, unknown, err := crd.ParseInputs(text)
	if err != nil {
		return err
	}
	if len(unknown) > 0 || len(configs) == 0 {
		return fmt.Errorf("only objects of Istio can be applied: %s", text)
	}
	for _, each := range configs {
		if err := put(store, each); err != nil {
			return err
		}
	}
	return nil
}

func put(store model.ConfigStoreController, object config.Config) error {
	known := store.Get(object.GroupVersionKind, object.Name, object.Namespace)
	if known == nil {
		object.CreationTimestamp = time.Now()
		_, err := store.Create(object)
		return err
	}
	object.CreationTimestamp, object.ResourceVersion = known.CreationTimestamp, known.ResourceVersion
	_, err := store.Update(object)
	return err
}
