package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

// upstreamVersion is the version of k8s.io/kubernetes in go.mod.
const upstreamVersion = "v1.37.2"

// playResult is what is known after a script.
type playResult struct {
	Phases      []*phaseResult `json:"phases"`
	Placements  [][2]string    `json:"placements,omitempty"`
	Digest      string         `json:"digest"`
	Parallelism int            `json:"parallelism"`
	GOGC        string         `json:"gogc"`
	Version     string         `json:"version"`
}

// playCommand plays a script and writes the times and placements to standard output.
func playCommand(arguments []string) error {
	flags := flag.NewFlagSet("play", flag.ContinueOnError)
	parallelism := flags.Int("parallelism", 1, "goroutines that look at nodes")
	file := flags.String("placements", "", "file for the placements, one `ns/name,node` a line, instead of the result")
	script, err := parseAround(flags, arguments)
	if err != nil {
		return err
	}
	in, err := os.Open(script)
	if err != nil {
		return err
	}
	defer in.Close()
	p := &player{parallelism: *parallelism}
	defer p.close()
	if err := eachOperation(in, p.apply); err != nil {
		return err
	}
	text := p.placements.text()
	sum := sha256.Sum256([]byte(text))
	result := &playResult{
		Phases: p.phases, Digest: hex.EncodeToString(sum[:]),
		Parallelism: *parallelism, GOGC: os.Getenv("GOGC"), Version: upstreamVersion,
	}
	if result.GOGC == "" {
		result.GOGC = "100"
	}
	if *file == "" {
		result.Placements = p.placements.list()
	} else if err := os.WriteFile(*file, []byte(text), 0o644); err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	if err := json.NewEncoder(out).Encode(result); err != nil {
		return err
	}
	return out.Flush()
}

// parseAround takes flags before and after the one positional argument.
func parseAround(flags *flag.FlagSet, arguments []string) (string, error) {
	var positional []string
	for {
		if err := flags.Parse(arguments); err != nil {
			return "", err
		}
		if flags.NArg() == 0 {
			break
		}
		positional = append(positional, flags.Arg(0))
		arguments = flags.Args()[1:]
	}
	if len(positional) != 1 {
		return "", errors.New("missing script; play takes one file: play SCRIPT [--parallelism P] [--placements FILE]")
	}
	return positional[0], nil
}

// placements are the decisions in order; a pod that is decided again counts where it was decided last.
type placements struct {
	decided [][2]string
	at      map[string]int
}

func (p *placements) add(pod, node string) {
	if p.at == nil {
		p.at = map[string]int{}
	}
	if earlier, again := p.at[pod]; again {
		p.decided[earlier] = [2]string{}
	}
	p.at[pod] = len(p.decided)
	p.decided = append(p.decided, [2]string{pod, node})
}

func (p *placements) list() [][2]string {
	list := make([][2]string, 0, len(p.at))
	for _, one := range p.decided {
		if one[0] != "" {
			list = append(list, one)
		}
	}
	return list
}

func (p *placements) text() string {
	var text strings.Builder
	for _, one := range p.list() {
		fmt.Fprintf(&text, "%s,%s\n", one[0], one[1])
	}
	return text.String()
}
