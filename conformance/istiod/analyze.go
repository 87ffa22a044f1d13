package main

import (
	"encoding/json"
	"sort"
	"strings"

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

// analyze gives what `istioctl analyze --use-kube=false` says of some files.
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
	}
	if err := analyzer.AddDefaultResources(); err != nil {
		return nil, err
	}
	if err := analyzer.AddReaderKubeSource(readers); err != nil {
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
