// Command kube-scheduler records what the real kube-scheduler decides on small clusters, and times it on scripts. See
// README.md.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"k8s.io/klog/v2"
)

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	arguments := os.Args[1:]
	command := "record"
	if len(arguments) > 0 && (arguments[0] == "record" || arguments[0] == "play") {
		command, arguments = arguments[0], arguments[1:]
	}
	run := recordCommand
	if command == "play" {
		run = playCommand
	}
	if err := run(arguments); err != nil {
		fail(err)
	}
}

// recordCommand takes the file with the cases; without one they come from standard input.
func recordCommand(arguments []string) error {
	in := io.Reader(os.Stdin)
	if len(arguments) > 0 {
		file, err := os.Open(arguments[0])
		if err != nil {
			return err
		}
		in = file
	}
	out := bufio.NewWriter(os.Stdout)
	if err := recordAll(in, out); err != nil {
		return err
	}
	return out.Flush()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// recordAll reads cases, one in each line, and writes them with the decisions. A case that cannot be run is reported
// and left out.
func recordAll(in io.Reader, out io.Writer) error {
	lines, err := plainLines(in)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			one := &recordedCase{}
			if err := json.Unmarshal(line, one); err != nil {
				return err
			}
			if err := recordCase(one); err != nil {
				fmt.Fprintf(os.Stderr, "%s: %v\n", one.ID, err)
			} else if err := encoder.Encode(one); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func plainLines(in io.Reader) (*bufio.Reader, error) {
	buffered := bufio.NewReader(in)
	start, err := buffered.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if !bytes.Equal(start, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	plain, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, err
	}
	return bufio.NewReader(plain), nil
}

func recordCase(one *recordedCase) error {
	undo, err := setGates(one.Gates)
	if err != nil {
		return err
	}
	defer undo()
	configuration, err := readConfig(one.Config)
	if err != nil {
		return err
	}
	c, err := newCluster(configuration, asAdded)
	if err != nil {
		return err
	}
	defer c.stop()
	for _, raw := range one.Objects {
		object, err := readObject(raw)
		if err != nil {
			return err
		}
		if err := c.add(object); err != nil {
			return err
		}
	}
	var keys []string
	for _, raw := range one.Pods {
		pod, err := readPod(raw)
		if err != nil {
			return err
		}
		if err := c.add(pod); err != nil {
			return err
		}
		keys = append(keys, podKey(pod))
	}
	if err := c.refresh(); err != nil {
		return err
	}
	if one.NodeOrder, err = c.nodeOrder(); err != nil {
		return err
	}
	run := &attempts{cluster: c, batching: one.Batching, perPlugin: one.PerPlugin, order: one.NodeOrder}
	run.preemption = watchPreemption(c.framework, one.NodeOrder)
	for _, key := range keys {
		if err := run.schedule(key); err != nil {
			return err
		}
	}
	one.Expected = run.records
	return nil
}
