// Parses and runs a template over a manifest with Go's text/template, and
// prints the microseconds that one turn takes: main TEMPLATE MANIFEST TURNS.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"text/template"
	"time"
)

type platform struct {
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
}

type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Annotations map[string]string `json:"annotations"`
	Platform    *platform         `json:"platform"`
}

type manifest struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	Config        descriptor        `json:"config"`
	Layers        []descriptor      `json:"layers"`
	Annotations   map[string]string `json:"annotations"`
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	body, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	turns, err := strconv.Atoi(os.Args[3])
	if err != nil {
		panic(err)
	}
	var m manifest
	if err := json.Unmarshal(body, &m); err != nil {
		panic(err)
	}
	var out bytes.Buffer
	turn := func() {
		out.Reset()
		t, err := template.New("out").Parse(string(text))
		if err != nil {
			panic(err)
		}
		if err := t.Execute(&out, &m); err != nil {
			panic(err)
		}
	}
	for range turns {
		turn()
	}
	start := time.Now()
	for range turns {
		turn()
	}
	fmt.Println(float64(time.Since(start).Microseconds())/float64(turns), out.Len())
}
