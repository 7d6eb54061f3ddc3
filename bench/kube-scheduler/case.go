package main

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"

	v1 "k8s.io/api/core/v1"
)

// recordedCase is one line of a file of recorded decisions. What is not needed here stays raw, so that it is written
// as it was read.
type recordedCase struct {
	ID        string            `json:"id"`
	Family    string            `json:"family"`
	Config    json.RawMessage   `json:"config"`
	Gates     map[string]bool   `json:"gates,omitempty"`
	Objects   []json.RawMessage `json:"objects"`
	Pods      []json.RawMessage `json:"pods"`
	Batching  bool              `json:"batching,omitempty"`
	PerPlugin bool              `json:"perPlugin,omitempty"`
	NodeOrder []string          `json:"nodeOrder,omitempty"`
	Expected  []*record         `json:"expected"`
}

type verdict struct {
	Code    string   `json:"code"`
	Plugin  string   `json:"plugin,omitempty"`
	Reasons []string `json:"reasons,omitempty"`
}

type pluginScore struct {
	Raw        int64 `json:"raw"`
	Normalized int64 `json:"normalized"`
	Weighted   int64 `json:"weighted"`
}

type victimList struct {
	Victims       []string `json:"victims"`
	PDBViolations int64    `json:"pdbViolations,omitempty"`
}

type preemptionRecord struct {
	NominatedNode      string                `json:"nominatedNode"`
	Victims            []string              `json:"victims"`
	Tied               []string              `json:"tied,omitempty"`
	Candidates         map[string]victimList `json:"candidates"`
	ClearedNominations []string              `json:"clearedNominations,omitempty"`
}

// record is what one scheduling attempt decided.
type record struct {
	Pod               string                            `json:"pod"`
	Attempt           int                               `json:"attempt"`
	Outcome           string                            `json:"outcome"`
	Node              string                            `json:"node,omitempty"`
	PreEnqueue        *verdict                          `json:"preEnqueue,omitempty"`
	PreFilter         *verdict                          `json:"preFilter,omitempty"`
	PreFilterNodes    []string                          `json:"preFilterNodes,omitempty"`
	Filter            map[string]verdict                `json:"filter,omitempty"`
	AbsentNodes       *verdict                          `json:"absentNodes,omitempty"`
	FilterPerPlugin   map[string]map[string]verdict     `json:"filterPerPlugin,omitempty"`
	SkippedFilter     []string                          `json:"skippedFilter,omitempty"`
	SkippedScore      []string                          `json:"skippedScore,omitempty"`
	VisitStart        string                            `json:"visitStart,omitempty"`
	NodeHint          string                            `json:"nodeHint,omitempty"`
	Feasible          []string                          `json:"feasible,omitempty"`
	ScoringSkipped    bool                              `json:"scoringSkipped,omitempty"`
	Scores            map[string]map[string]pluginScore `json:"scores,omitempty"`
	Totals            map[string]int64                  `json:"totals,omitempty"`
	Best              []string                          `json:"best,omitempty"`
	UpstreamPick      string                            `json:"upstreamPick,omitempty"`
	Evaluated         int                               `json:"evaluated,omitempty"`
	Message           string                            `json:"message,omitempty"`
	Error             string                            `json:"error,omitempty"`
	Preemption        *preemptionRecord                 `json:"preemption"`
	PreemptionNodes   map[string]verdict                `json:"preemptionNodes,omitempty"`
	PostFilterMessage string                            `json:"postFilterMessage,omitempty"`
}

// readObject decodes without the defaulting of the API server, and fills in what no object in a cluster lacks: the
// caches of the scheduler key on UIDs and refuse an empty resource version.
func readObject(raw []byte) (runtime.Object, error) {
	object, _, err := scheme.Codecs.UniversalDeserializer().Decode(raw, nil, nil)
	if err != nil {
		return nil, err
	}
	access, err := meta.Accessor(object)
	if err != nil {
		return nil, err
	}
	pod, isPod := object.(*v1.Pod)
	if isPod {
		if pod.Namespace == "" {
			pod.Namespace = "default"
		}
		if pod.Spec.SchedulerName == "" {
			pod.Spec.SchedulerName = v1.DefaultSchedulerName
		}
	}
	if access.GetUID() == "" {
		access.SetUID(types.UID(access.GetNamespace() + "/" + access.GetName()))
	}
	if access.GetResourceVersion() == "" {
		access.SetResourceVersion("1")
	}
	return object, nil
}

func readPod(raw []byte) (*v1.Pod, error) {
	object, err := readObject(raw)
	if err != nil {
		return nil, err
	}
	pod, ok := object.(*v1.Pod)
	if !ok {
		return nil, fmt.Errorf("not a pod: %T", object)
	}
	return pod, nil
}

func podKey(pod *v1.Pod) string { return pod.Namespace + "/" + pod.Name }
