package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// operation is one line of a scheduling script: the fields of all kinds of operations, told apart by Op.
type operation struct {
	Op string `json:"op"`

	Config json.RawMessage `json:"config"`
	Gates  map[string]bool `json:"gates"`

	Objects []json.RawMessage `json:"objects"`
	Nodes   []json.RawMessage `json:"nodes"`
	// Pods are the templates of "templates".
	Pods []json.RawMessage `json:"pods"`
	// Of pairs a template with how many pods of it follow each other in Names.
	Of    [][2]int `json:"of"`
	Names []string `json:"names"`

	Every  int         `json:"every"`
	Number int         `json:"number"`
	Mode   string      `json:"mode"`
	Makes  []churnMake `json:"makes"`

	Measured bool   `json:"measured"`
	Name     string `json:"name"`
	Attempts int    `json:"attempts"`
}

// churnMake is one thing that a tick makes; Pod is the number of a template or a whole pod.
type churnMake struct {
	Pod    json.RawMessage `json:"pod"`
	Node   json.RawMessage `json:"node"`
	Object json.RawMessage `json:"object"`
}

// eachOperation reads a script, gzipped or not, line by line.
func eachOperation(in io.Reader, do func(*operation) error) error {
	lines, err := plainLines(in)
	if err != nil {
		return err
	}
	for number := 1; ; number++ {
		line, readErr := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			one := &operation{}
			if err := json.Unmarshal(line, one); err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
			if err := do(one); err != nil {
				return fmt.Errorf("line %d (%s): %w", number, one.Op, err)
			}
		}
		if readErr == io.EOF {
			return nil
		}
		if readErr != nil {
			return readErr
		}
	}
}
