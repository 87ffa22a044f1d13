package main

import (
	"encoding/json"
	"os"
	"sort"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/local"
	"istio.io/istio/pkg/config/resource"
)

type analyzeCase struct {
	ID         string            `json:"id"`
	Files      map[string]string `json:"files"`
	Namespace  string            `json:"namespace"`
	MeshConfig string            `json:"meshConfig"`
}

type message struct {
	Code     string `json:"code"`
	Level    string `json:"level"`
	Resource string `json:"resource"`
	Message  string `json:"message"`
}

// analyze gives what `istioctl analyze` says of some files. As its own tests do, it reads Services, workloads, Secrets and Namespaces from the files
// too: the command without a cluster leaves them out, and is silent on every code that needs them.
func analyze(line []byte) (any, error) {
	var c analyzeCase
	if err := json.Unmarshal(line, &c); err != nil {
		return nil, err
	}
	if c.Namespace == "" {
		c.Namespace = "default"
	}
	analyzer := local.NewSourceAnalyzer(analyzers.AllCombined(), "", resource.Namespace("istio-system"), nil)
	var names []string
	for name := range c.Files {
		names = append(names, name)
	}
	sort.Strings(names)
	var readers []local.ReaderSource
	for _, name := range names {
		readers = append(readers, local.ReaderSource{Name: name, Reader: strings.NewReader(c.Files[name])})
		// The analyzers look at pods alone, which a cluster's controllers would make of the Deployments.
		pods, err := podDocuments(c.Files[name], c.Namespace)
		if err != nil {
			return nil, err
		}
		readers = append(readers, local.ReaderSource{Name: name + " (pods)", Reader: strings.NewReader(pods)})
	}
	if c.MeshConfig != "" {
		if err := useMeshConfig(analyzer, c.MeshConfig); err != nil {
			return nil, err
		}
	}
	if err := analyzer.AddTestReaderKubeSource(readers); err != nil {
		return nil, err
	}
	if err := analyzer.AddDefaultResources(); err != nil {
		return nil, err
	}
	cancel := make(chan struct{})
	defer close(cancel)
	result, err := analyzer.Analyze(cancel)
	if err != nil {
		return nil, err
	}
	messages := []message{}
	for _, m := range result.Messages {
		origin := ""
		if m.Resource != nil {
			origin = m.Resource.Origin.FriendlyName()
		}
		unmarshalled := m.Unstructured(false)
		text, _ := unmarshalled["message"].(string)
		messages = append(messages, message{Code: m.Type.Code(), Level: m.Type.Level().String(), Resource: origin, Message: text})
	}
	sort.Slice(messages, func(i, j int) bool {
		a, b := messages[i], messages[j]
		return a.Code+a.Resource+a.Message < b.Code+b.Resource+b.Message
	})
	return map[string]any{"id": c.ID, "messages": messages}, nil
}

func podDocuments(text, namespace string) (string, error) {
	m, err := parseManifests(text, namespace)
	if err != nil {
		// Files that istiod cannot read are the analyzers' own business.
		return "", nil
	}
	var documents strings.Builder
	for _, pod := range podsOf(m) {
		inject(pod)
		pod.TypeMeta = metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}
		document, err := yaml.Marshal(pod)
		if err != nil {
			return "", err
		}
		documents.WriteString("---\n" + string(document))
	}
	return documents.String(), nil
}

// inject does what the injection webhook would, as far as the analyzers look: a proxy beside the application, or in place of a gateway's `image: auto`.
func inject(pod *corev1.Pod) {
	containers := append([]corev1.Container{}, pod.Spec.Containers...)
	proxied := false
	for i := range containers {
		if containers[i].Name == "istio-proxy" {
			containers[i].Image, proxied = "proxyv2", true
		}
	}
	if !proxied {
		containers = append(containers, corev1.Container{Name: "istio-proxy", Image: "proxyv2"})
	}
	pod.Spec.Containers = containers
}

// useMeshConfig hands a mesh config over by the only way there is, a file.
func useMeshConfig(analyzer *local.IstiodAnalyzer, text string) error {
	file, err := os.CreateTemp("", "mesh-config-*.yaml")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := file.WriteString(text); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return analyzer.AddFileKubeMeshConfig(file.Name())
}
